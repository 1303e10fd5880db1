import { type Recording, type Reply, recordings } from "@llamaduct/ollama-emulator";
import OpenAI from "openai";
import type { ChatCompletionChunk, ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";
import { asked, chats, enqueue, modelKinds } from "./model-kinds.ts";
import { startProxy } from "./start-proxy.ts";

// Rows of user-pain.md whose acceptance test is what a client sees and what the host was sent.

type Ask = Omit<ChatCompletionCreateParamsNonStreaming, "messages"> &
  Partial<Pick<ChatCompletionCreateParamsNonStreaming, "messages">>;

const messages = [{ role: "user" as const, content: "hi" }];
const tool = (name: string) => ({ type: "function" as const, function: { name, parameters: { type: "object" } } });
const tools = [tool("f"), tool("g")];
const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };

async function start() {
  const { baseURL, emulator } = await startProxy();
  const { completions } = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 }).chat;
  return {
    emulator,
    whole: (request: Ask) => completions.create({ messages, ...request }),
    warnings: async (request: Ask) => {
      const { response } = await completions.create({ messages, ...request }).withResponse();
      return response.headers.get("x-llamaduct-warning");
    },
    async streamed(request: Ask) {
      const chunks: ChatCompletionChunk[] = [];
      for await (const chunk of await completions.create({ messages, ...request, stream: true })) chunks.push(chunk);
      return chunks;
    },
  };
}

/** Events of `/api/chat`, each a chunk; texts stand for an event with that content. */
function says(...events: readonly (string | object)[]): Reply {
  const event = (message: string | object) =>
    `${JSON.stringify({ model: "m", done: false, message: typeof message === "string" ? { content: message } : message })}\n`;
  const end = { model: "m", message: { content: "" }, done: true, done_reason: "stop", prompt_eval_count: 7 };
  return { chunks: [...events.map(event), `${JSON.stringify({ ...end, eval_count: 40 })}\n`] };
}
const calls = (...names: readonly string[]) => ({
  content: "",
  tool_calls: names.map((name) => ({ function: { index: 0, name, arguments: {} } })),
});

function deltasOf(chunks: readonly ChatCompletionChunk[]) {
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
  return {
    content: deltas.map(({ content }) => content ?? "").join(""),
    calls: deltas.flatMap(({ tool_calls: pieces = [] }) => pieces),
    finish: chunks.at(-1)?.choices[0]?.finish_reason,
  };
}

describe("streamed calls", () => {
  it("A3: calls that the host all numbers 0 are 0, 1, 2", async () => {
    const { emulator, streamed } = await start();
    emulator.enqueue(says(calls("f"), calls("g", "f")));
    const seen = deltasOf(await streamed({ model: "native", tools })).calls;
    expect(seen.flatMap(({ index, function: f }) => (f?.name ? [[index, f.name]] : []))).toEqual([
      [0, "f"],
      [1, "g"],
      [2, "f"],
    ]);
  });

  it("A4: a call without id and arguments has an id, a type and {} in what is streamed", async () => {
    const { emulator, streamed } = await start();
    emulator.enqueue(says(calls("f")));
    const [first, ...rest] = deltasOf(await streamed({ model: "native", tools })).calls;
    expect(first).toMatchObject({ index: 0, id: expect.stringMatching(/^call_./), type: "function" });
    expect([first, ...rest].map((piece) => piece?.function?.arguments ?? "").join("")).toBe("{}");
  });

  it("A9: a call that comes as raw JSON, token by token, is one call and no content", async () => {
    const { emulator, streamed } = await start();
    emulator.enqueue(says('{"na', 'me":"f","argu', 'ments":{"a"', ":1}", "}"));
    const { content, calls, finish } = deltasOf(await streamed({ model: "fallback", tools }));
    expect([content, finish]).toEqual(["", "tool_calls"]);
    expect(new Set(calls.map(({ index }) => index))).toEqual(new Set([0]));
    expect(calls.map((piece) => piece.function?.arguments ?? "").join("")).toBe('{"a":1}');
  });

  it("A12: a whole and a streamed request ask the host for the same", async () => {
    const { emulator, whole, streamed } = await start();
    for (const model of ["native", "fallback"]) {
      await whole({ model, tools });
      await streamed({ model, tools });
    }
    const [native, nativeStreamed, fallback, fallbackStreamed] = chats(emulator);
    expect(native?.["tools"]).toHaveLength(2);
    expect(nativeStreamed).toEqual(native);
    expect(fallback?.["format"]).toBeDefined();
    expect(fallbackStreamed).toEqual(fallback);
  });
});

describe("A7: assembled from a stream, an answer is what it is whole", () => {
  const fixtures: readonly Recording[] = recordings("0.33.0").filter(
    ({ name, status, request, note }) =>
      request.path === "/api/chat" && status === 200 && note === undefined && !/stuck|load/.test(name),
  );

  it("for 30 fixtures and more", () => expect(fixtures.length).toBeGreaterThanOrEqual(30));

  it.each(modelKinds)("on a $name model", { timeout: 60_000 }, async ({ name: model }) => {
    const { emulator, whole, streamed } = await start();
    const known = ["get_current_weather", "get_time", "get_day"].map(tool);
    let withCalls = 0;
    for (const recording of fixtures) {
      emulator.enqueue({ recording, times: 2 });
      const [choice] = (await whole({ model, tools: known })).choices;
      const { content, calls, finish } = deltasOf(await streamed({ model, tools: known }));
      const assembled: { name: string; arguments: string }[] = [];
      for (const { index, function: piece } of calls) {
        assembled[index] ??= { name: piece?.name ?? "", arguments: "" };
        assembled[index].arguments += piece?.arguments ?? "";
      }
      const made = choice?.message.tool_calls?.map((call) => (call.type === "function" ? call.function : call)) ?? [];
      expect([recording.name, content, assembled, finish]).toEqual([
        recording.name,
        choice?.message.content ?? "",
        made,
        choice?.finish_reason,
      ]);
      if (made.length > 0) withCalls += 1;
    }
    expect(withCalls).toBeGreaterThan(8);
  });
});

describe("whether a model has tools", () => {
  it("B1: a host that will not say is tried", async () => {
    const { emulator, whole } = await start();
    emulator.enqueue({ path: "/api/show", status: 500, chunks: ['{"error":"down"}'], times: Number.POSITIVE_INFINITY });
    emulator.enqueue(says("Hello."));
    expect((await whole({ model: "tools", tools })).choices[0]?.message.content).toBe("Hello.");
    expect(chats(emulator)).toMatchObject([{ tools: [{}, {}] }]);
  });

  it("B7: a refusal is not the client's, and the next request goes the other way at once", async () => {
    const { emulator, whole } = await start();
    const call = says('{"tool_calls":[{"name":"f","arguments":{}}]}');
    enqueue(emulator, [{ recording: "chat-tools-unsupported" }, call, call]);
    for (const turn of ["refused", "remembered"])
      expect([turn, (await whole({ model: "plain", tools })).choices[0]?.finish_reason]).toEqual([turn, "tool_calls"]);
    expect(asked(emulator)).toEqual(["tools", "grammar", "grammar"]);
  });
});

describe.each(modelKinds)("what a $name model replies decides", ({ name: model, turns }) => {
  it("B2: nothing is an empty answer", async () => {
    const { emulator, whole } = await start();
    emulator.enqueue({ recording: "chat-empty-stream" });
    const [choice] = (await whole({ model, tools })).choices;
    expect(choice).toMatchObject({ finish_reason: "stop", message: { content: "" } });
    expect(choice?.message.tool_calls).toBeUndefined();
  });

  it("B3: prose after a tool's result is prose", async () => {
    const { emulator, whole } = await start();
    emulator.enqueue(says("It is ", "noon."));
    const call = { id: "a", type: "function" as const, function: { name: "f", arguments: "{}" } };
    const history = [
      ...messages,
      { role: "assistant" as const, tool_calls: [call] },
      { role: "tool" as const, tool_call_id: "a", content: "12:00" },
    ];
    const [choice] = (await whole({ model, tools, messages: history })).choices;
    expect(choice).toMatchObject({ finish_reason: "stop", message: { content: "It is noon." } });
  });

  it("B4: an empty list of tools is none: the host is asked for text", async () => {
    const { emulator, whole } = await start();
    emulator.enqueue(says("Hello."));
    expect((await whole({ model, tools: [] })).choices[0]?.message.content).toBe("Hello.");
    expect(asked(emulator)).toEqual(["text"]);
  });

  it("D1: earlier calls are told in a form it has, without tools too", async () => {
    const { emulator, whole } = await start();
    emulator.enqueue(says("It is cold."));
    const call = { id: "a", type: "function" as const, function: { name: "f", arguments: "{}" } };
    const history = [
      ...messages,
      { role: "assistant" as const, tool_calls: [call] },
      { role: "tool" as const, tool_call_id: "a", content: "cold" },
    ];
    await whole({ model, messages: history });
    const roles = model === "native" ? ["user", "assistant", "tool"] : ["user", "assistant", "user"];
    expect(chats(emulator)[0]?.["messages"]).toMatchObject(roles.map((role) => ({ role })));
  });

  it("B6: JSON that looks like a call is content where there are no tools", async () => {
    const { emulator, whole } = await start();
    const text = '{"name":"f","arguments":{}}';
    emulator.enqueue(says(text));
    const [choice] = (await whole({ model, response_format: { type: "json_object" } })).choices;
    expect(choice).toMatchObject({ finish_reason: "stop", message: { content: text } });
  });

  it("C1: none sends no tools and gets no call", async () => {
    const { emulator, whole } = await start();
    emulator.enqueue(says("12:00", calls("f")));
    const [choice] = (await whole({ model, tools, tool_choice: "none" })).choices;
    expect(choice).toMatchObject({ finish_reason: "stop", message: { content: "12:00" } });
    expect(choice?.message.tool_calls).toBeUndefined();
    expect(asked(emulator)).toEqual(["text"]);
  });

  it("C4: one call at a time is one call", async () => {
    const { emulator, whole } = await start();
    emulator.enqueue(turns.calls);
    const known = ["get_time", "get_day"].map(tool);
    const [choice] = (await whole({ model, tools: known, parallel_tool_calls: false })).choices;
    expect(choice?.message.tool_calls).toHaveLength(1);
    expect(choice?.message.tool_calls?.[0]).toMatchObject({ function: { name: "get_time" } });
  });
});

describe("what is found out in the middle of an answer", () => {
  it.each([
    ["C4", { parallel_tool_calls: false }, [calls("f"), calls("g")], "parallel_tool_calls"],
    ["C1", { tool_choice: "none" as const }, ["12:00", calls("f")], "tool_choice"],
  ] as const)("%s: is a warning of a whole answer too", async (_, request, events, field) => {
    const { emulator, warnings } = await start();
    emulator.enqueue({ ...says(...events), delayMs: 50 });
    expect(await warnings({ model: "native", tools, ...request })).toMatch(new RegExp(`^${field}: `));
  });
});

describe("answers by a schema", () => {
  it("B9: tokens without anything to see are a warning", async () => {
    const { emulator, warnings } = await start();
    emulator.enqueue(says());
    expect(await warnings({ model: "native", tools })).toMatch(/^tools: /);
  });

  it("G1: the host gets the schema; a bare one is refused, with the field", async () => {
    const { emulator, whole } = await start();
    emulator.enqueue(says('{"n":1}'));
    const json_schema = { name: "x", schema: { $schema: "http://json-schema.org/draft-07/schema#", ...schema } };
    await whole({ model: "native", response_format: { type: "json_schema", json_schema } });
    expect(chats(emulator)[0]?.["format"]).toEqual(schema);
    // What a caller without types may send.
    const bare = JSON.parse(JSON.stringify(schema));
    await expect(whole({ model: "native", response_format: bare })).rejects.toMatchObject({
      status: 400,
      param: "response_format.type",
      message: expect.stringContaining("json_schema"),
    });
  });

  it("G4, G6: what the engine cannot hold is enforced all the same", async () => {
    const { emulator, whole } = await start();
    const email = { type: "object", properties: { e: { type: "string", pattern: "^[^@]+@[^@]+$" } } };
    const response_format = {
      type: "json_schema" as const,
      json_schema: { name: "x", strict: true, schema: email },
    };
    enqueue(emulator, [says('{"e":"a@b"}'), says('{"e":"ab"}')]);
    expect((await whole({ model: "native", response_format })).choices[0]?.message.content).toBe('{"e":"a@b"}');
    await expect(whole({ model: "native", response_format })).rejects.toMatchObject({ param: "response_format" });
    expect(JSON.stringify(chats(emulator)[0]?.["format"])).not.toContain("pattern");
  });

  it("G5: endless whitespace after the JSON is cut off, and the answer ends with stop", async () => {
    const { emulator, whole } = await start();
    const { chunks = [] } = says('{"n":1}', ...Array.from({ length: 500 }, () => "\n"));
    emulator.enqueue({ chunks: chunks.slice(0, -1), fault: { silenceAfterChunks: 501 } });
    const [choice] = (await whole({ model: "native", response_format: { type: "json_object" } })).choices;
    expect(choice?.finish_reason).toBe("stop");
    expect(JSON.parse(choice?.message.content ?? "")).toEqual({ n: 1 });
    expect(await emulator.requests.find(({ path }) => path === "/api/chat")?.ended).toBe("aborted");
  });
});
