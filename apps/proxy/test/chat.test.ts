import type {
  ChatCompletionChunk,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionTool,
} from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";
import { call, done, line } from "./ndjson.ts";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy } from "./start-proxy.ts";

const TEXT = "The quick brown llama jumps over the lazy alpaca.";
const hi = { role: "user", content: "hi" } as const;
const tools: ChatCompletionTool[] = [
  { type: "function", function: { name: "get_current_weather", parameters: { type: "object", properties: {} } } },
];

describe("an OpenAI client gets", () => {
  it("a whole answer", async () => {
    const { client, emulator } = await startProxy();
    const { data, response } = await client.chat.completions
      .create({ model: "ollama_chat/plain", messages: [hi] })
      .withResponse();
    expect(data).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      model: "ollama_chat/plain",
      choices: [{ index: 0, message: { role: "assistant", content: TEXT }, finish_reason: "stop" }],
      usage: { prompt_tokens: expect.any(Number), completion_tokens: 11 },
    });
    expect(response.headers.get("x-llamaduct-model")).toBe("ollama_chat/plain");
    expect((await emulator.nextRequest("/api/chat")).body).toMatchObject({ model: "plain", stream: true });
  });

  it("a streamed one, at the short path too", async () => {
    const { client, url } = await startProxy();
    for (const baseURL of [`${url}/v1`, url]) {
      const chunks = await chunksOf(
        await client.withOptions({ baseURL }).chat.completions.create({ model: "plain", messages: [hi], stream: true }),
      );
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(TEXT);
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
    }
  });

  it("events as such, never cached or held back", async () => {
    const { client } = await startProxy();
    const { headers } = await client.chat.completions
      .create({ model: "plain", messages: [hi], stream: true })
      .asResponse();
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-cache");
    expect(headers.get("x-accel-buffering")).toBe("no");
  });

  it("what its .stream() helper puts together", async () => {
    const { client } = await startProxy();
    const stream = client.chat.completions.stream({ model: "thinker", messages: [hi] });
    const completion = await stream.finalChatCompletion();
    expect(completion.choices[0]?.message).toMatchObject({ role: "assistant", content: "Hello there!" });
    expect(completion.choices[0]?.finish_reason).toBe("stop");
  });

  it("one write for what arrived together", async () => {
    const { port, emulator } = await startProxy();
    emulator.enqueue({ chunks: [line({ content: "a" }) + line({ content: "b" }) + line({ content: "c" }), done()] });
    const body = JSON.stringify({ model: "plain", messages: [hi], stream: true });
    const request = head("POST /v1/chat/completions HTTP/1.1", {
      "content-type": "application/json",
      "content-length": String(body.length),
    });
    const answer = await rawExchange(port, request + body);
    const [first = ""] = httpChunks(answer.body);
    expect(first).toContain('"a"');
    expect(first).toContain('"c"');
  });

  it("a warning for what had no effect", async () => {
    const { client } = await startProxy();
    const { response } = await client.chat.completions
      .create({ model: "plain", messages: [hi], logit_bias: { 7: 1 } })
      .withResponse();
    expect(response.headers.get("x-llamaduct-warning")).toMatch(/^logit_bias: /);
  });
});

describe("usage", () => {
  it("P1: is one last chunk, and only when asked for", async () => {
    const { client } = await startProxy();
    const request: ChatCompletionCreateParamsStreaming = { model: "plain", messages: [hi], stream: true };
    const without = await chunksOf(await client.chat.completions.create(request));
    expect(without.filter((chunk) => "usage" in chunk)).toEqual([]);

    const chunks = await chunksOf(
      await client.chat.completions.create({ ...request, stream_options: { include_usage: true } }),
    );
    const last = chunks.pop();
    expect(last).toMatchObject({ choices: [], usage: { completion_tokens: 11 } });
    expect(last?.usage?.total_tokens).toBe(11 + (last?.usage?.prompt_tokens ?? Number.NaN));
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.every((chunk) => chunk.usage === null && chunk.choices.length === 1)).toBe(true);
  });
});

describe("tool calls", () => {
  it("A1: a stream with a call ends with tool_calls, a cut one with length", async () => {
    const { client, emulator } = await startProxy();
    for (const [reason, finish] of [
      ["stop", "tool_calls"],
      ["length", "length"],
    ] as const) {
      emulator.enqueue({ chunks: [line({ tool_calls: [call("get_current_weather", {})] }), done(reason)] });
      const chunks = await chunksOf(
        await client.chat.completions.create({ model: "tools", messages: [hi], tools, stream: true }),
      );
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(finish);
    }
  });

  it("A2: five calls over four chunks are five calls to the client", async () => {
    const { client, emulator } = await startProxy();
    const names = ["a", "b", "c", "d", "e"];
    const calls = names.map((name, index) => call(name, { n: index }));
    emulator.enqueue({
      chunks: [
        ...calls.slice(0, 3).map((each) => line({ tool_calls: [each] })),
        line({ tool_calls: calls.slice(3) }),
        done(),
      ],
    });
    const stream = client.chat.completions.stream({ model: "tools", messages: [hi], tools });
    const indices = new Set<number>();
    stream.on("chunk", (chunk) => {
      for (const { index } of chunk.choices[0]?.delta.tool_calls ?? []) indices.add(index);
    });
    const [choice] = (await stream.finalChatCompletion()).choices;
    expect([...indices]).toEqual([0, 1, 2, 3, 4]);
    const seen = choice?.message.tool_calls?.map((each) =>
      each.type === "function" ? [each.function.name, JSON.parse(each.function.arguments)] : each,
    );
    expect(seen).toEqual(names.map((name, index) => [name, { n: index }]));
    expect(new Set(choice?.message.tool_calls?.map(({ id }) => id)).size).toBe(5);
  });

  it("A5: one id and one created per stream; arguments are text", async () => {
    const { client, emulator } = await startProxy();
    emulator.enqueue({ recording: "chat-tools-stream" });
    const chunks = await chunksOf(
      await client.chat.completions.create({ model: "tools", messages: [hi], tools, stream: true }),
    );
    expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(1);
    const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    const text = deltas.map((delta) => delta.function?.arguments ?? "");
    expect(text.every((part) => typeof part === "string")).toBe(true);
    expect(JSON.parse(text.join(""))).toEqual({ location: "Boston, MA", unit: "celsius" });
  });

  it("A4: a whole answer's call has an id, a type and its arguments", async () => {
    const { client, emulator } = await startProxy();
    emulator.enqueue({ chunks: [line({ tool_calls: [call("get_current_weather", {})] }), done()] });
    const { choices } = await client.chat.completions.create({ model: "tools", messages: [hi], tools });
    expect(choices[0]?.finish_reason).toBe("tool_calls");
    expect(choices[0]?.message).toMatchObject({
      content: null,
      tool_calls: [
        {
          id: expect.stringMatching(/./),
          type: "function",
          function: { name: "get_current_weather", arguments: "{}" },
        },
      ],
    });
  });
});

async function chunksOf(stream: AsyncIterable<ChatCompletionChunk>): Promise<ChatCompletionChunk[]> {
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** The pieces of a chunked body: what was written at once. */
function httpChunks(body: string): string[] {
  const chunks: string[] = [];
  for (let rest = body; rest !== ""; ) {
    const [size = ""] = rest.split("\r\n", 1);
    const from = size.length + 2;
    const to = from + Number.parseInt(size, 16);
    if (to === from) break;
    chunks.push(rest.slice(from, to));
    rest = rest.slice(to + 2);
  }
  return chunks;
}
