import { applyMiddleware, type ChatRequest, ProviderError, type StreamPart, type ToolChoice } from "@llamaduct/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  ask,
  clock,
  countingIds,
  finish,
  nativeCall,
  play,
  scriptedModel,
  summary,
  weather,
  whole,
} from "../test/scripted-model.ts";
import { jsonToolCalls } from "./json-tool-calls.ts";

afterEach(() => void vi.useRealTimers());

const layer = () => jsonToolCalls({ generateId: countingIds() });
const refusal = () => new ProviderError({ code: "unsupported", message: "No tools.", setting: "tools" });
const oslo = '{"tool_calls":[{"name":"get_weather","arguments":{"city":"Oslo"}}]}';
const answer = '{"answer":"Hello"}';

function formatOf(request: ChatRequest | undefined): unknown {
  return request?.responseFormat?.type === "json" ? request.responseFormat.schema : undefined;
}

describe("which way a request goes", () => {
  it("B4: tools: [] is no tools: the request and the stream go through untouched", async () => {
    const scripted = scriptedModel([["hi"], ["hi"]]);
    const request = ask({ tools: [] });
    expect(summary(await whole(scripted, layer(), request))).toBe('"hi" | stop');
    expect(scripted.requests[0]).toBe(request);
    const stream = (async function* () {})();
    expect(layer()({ ...scripted.model, stream: () => stream }).stream({ messages: [] })).toBe(stream);
  });

  it("B6: a JSON reply to a request without tools is no call", async () => {
    const scripted = scriptedModel([['{"name":"x","arguments":{}}']]);
    const request = ask({ tools: undefined, responseFormat: { type: "json" } });
    expect(summary(await whole(scripted, layer(), request))).toBe('"{\\"name\\":\\"x\\",\\"arguments\\":{}}" | stop');
  });

  it("B1: a failure of another kind never triggers the grammar", async () => {
    for (const error of [
      new ProviderError({ code: "upstream_error", message: "Down." }),
      new ProviderError({ code: "unsupported", message: "No images.", setting: "messages" }),
      new ProviderError({ code: "invalid_value", message: "Bad tools.", setting: "tools" }),
    ]) {
      const scripted = scriptedModel([[error]]);
      expect((await play(scripted, layer(), ask())).error).toBe(error);
      expect(scripted.requests).toHaveLength(1);
      expect(scripted.requests[0]?.tools).toHaveLength(2);
    }
  });

  it("B1: a refusal after the first part is an error, not a second try", async () => {
    const scripted = scriptedModel([["Hm", refusal()]]);
    const { batches, error } = await play(scripted, layer(), ask());
    expect(error).toMatchObject({ code: "unsupported" });
    expect(batches.flat().at(-1)).toEqual({ type: "text-delta", text: "Hm" });
    expect(scripted.requests).toHaveLength(1);
  });

  it("B7: a refusal leads to the grammar, at once the next time", async () => {
    const scripted = scriptedModel([[refusal()], [oslo], [answer]]);
    const middleware = layer();
    expect(summary(await whole(scripted, middleware, ask()))).toBe('call_1 get_weather({"city":"Oslo"}) | tool-calls');
    expect(summary(await whole(scripted, middleware, ask()))).toBe('"Hello" | stop');
    expect(scripted.requests.map(({ tools }) => tools?.length)).toEqual([2, undefined, undefined]);
  });

  it("B7: a refusal is forgotten where the host says that the model has tools", async () => {
    const middleware = layer();
    await whole(scriptedModel([[refusal()], [answer]]), middleware, ask());
    const native = scriptedModel([["hi"]], "native");
    await whole(native, middleware, ask());
    expect(native.requests[0]?.tools).toHaveLength(2);
  });

  it("B5: a model that is told to have no tools emulates, one that has them never does", async () => {
    const none = scriptedModel([[oslo]], "none");
    expect(summary(await whole(none, layer(), ask()))).toBe('call_1 get_weather({"city":"Oslo"}) | tool-calls');
    expect(none.requests).toHaveLength(1);
    const native = scriptedModel([[refusal()]], "native");
    expect((await play(native, layer(), ask())).error).toMatchObject({ setting: "tools" });
    expect(native.requests).toHaveLength(1);
  });

  it("passes a native stream on as it is", async () => {
    const { model } = scriptedModel([], "native");
    const stream = (async function* () {})();
    expect(layer()({ ...model, stream: () => stream }).stream(ask())).toBe(stream);
  });

  it("B7: a refusal counts for five minutes: by then the name may be another model's", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const middleware = layer();
    await whole(scriptedModel([[refusal()], [answer]]), middleware, ask());
    for (const [passed, offered] of [
      [299_999, undefined],
      [1, 2],
    ] as const) {
      vi.advanceTimersByTime(passed);
      const scripted = scriptedModel([[answer]]);
      await whole(scripted, middleware, ask());
      expect([passed, scripted.requests[0]?.tools?.length]).toEqual([passed, offered]);
    }
  });

  it("says of a model what it says of itself, and that it refuses tools", async () => {
    const middleware = layer();
    const { model } = scriptedModel([], "none");
    expect(middleware(model).capabilities()).toEqual(model.capabilities());
    const refusing = scriptedModel([[refusal()], [answer]]);
    expect(middleware(refusing.model).capabilities().tools).toBe("unknown");
    await whole(refusing, middleware, ask());
    // So that a layer above asks for tools and a schema in one step (G2).
    expect(middleware(refusing.model).capabilities().tools).toBe("none");
    expect(middleware({ ...refusing.model, modelId: "another" }).capabilities().tools).toBe("unknown");
  });

  it("B10: tools whose schema refers to itself go to the grammar, which keeps the reference", async () => {
    const tree = { name: "walk", parameters: { properties: { next: { $ref: "#" } } } };
    const scripted = scriptedModel([[answer]], "native");
    await whole(scripted, layer(), ask({ tools: [tree] }));
    expect(formatOf(scripted.requests[0])).toMatchObject({
      $defs: { tool0_0: { properties: { next: { $ref: "#/$defs/tool0_0" } } } },
    });
  });

  it("remembers a bounded number of refusals", async () => {
    const middleware = layer();
    const triesNative = async (modelId: string) => {
      const scripted = scriptedModel([[refusal()], [answer]]);
      await play({ ...scripted, model: { ...scripted.model, modelId } }, middleware, ask());
      return scripted.requests[0]?.tools !== undefined;
    };
    await triesNative("first");
    for (let index = 0; index < 1_000; index++) await triesNative(`m${index}`);
    expect(await triesNative("m999")).toBe(false);
    expect(await triesNative("first")).toBe(true);
  });
});

describe("tool choice", () => {
  const named: ToolChoice = { name: "get_weather" };

  it("C1: none sends no tools, keeps the history, and lets no call out", async () => {
    const history: ChatRequest["messages"] = [
      { role: "user", content: [{ type: "text", text: "hi" }] },
      { role: "assistant", content: [{ type: "tool-call", id: "a", name: "now", arguments: "{}" }] },
      { role: "tool", callId: "a", name: "now", content: "12:00" },
    ];
    const request = ask({ messages: history, toolChoice: "none", parallelToolCalls: true });
    const native = scriptedModel([["It is noon.", ...nativeCall("b", "now", "{}"), finish("tool-calls")]], "native");
    expect(summary(await whole(native, layer(), request))).toBe('"It is noon." | ! toolChoice | stop');
    expect(native.requests).toEqual([{ messages: history }]);
    const none = scriptedModel([["Noon."]], "none");
    await whole(none, layer(), request);
    expect(none.requests[0]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  it("C1: required and named are one request under a schema of calls, without tools, on any model", async () => {
    for (const support of ["native", "unknown", "none"] as const) {
      for (const [toolChoice, names] of [
        ["required", ["get_weather", "now"]],
        [named, ["get_weather"]],
      ] as const) {
        const scripted = scriptedModel([[oslo]], support);
        const completion = await whole(scripted, layer(), ask({ toolChoice }));
        expect(summary(completion)).toBe('call_1 get_weather({"city":"Oslo"}) | tool-calls');
        expect(scripted.requests).toHaveLength(1);
        const [request] = scripted.requests;
        expect(request).not.toHaveProperty("tools");
        expect(request).not.toHaveProperty("toolChoice");
        const text = JSON.stringify(formatOf(request));
        expect(text).not.toContain("answer");
        expect([...text.matchAll(/"enum":\["(\w+)"\]/g)].map(([, name]) => name)).toEqual(names);
      }
    }
  });

  it("C1: a reply that is no call, though one was demanded, is an error before anything is delivered", async () => {
    for (const reply of ["Sure!", '{"answer":"no"}', '{"city":"Oslo"}', "", '{"tool_calls":[]}', "[1]"]) {
      const { batches, error } = await play(
        scriptedModel([[reply].filter(Boolean)]),
        layer(),
        ask({ toolChoice: "required" }),
      );
      expect([reply, error]).toMatchObject([reply, { code: "upstream_protocol_error" }]);
      expect(batches.flat().map(({ type }) => type)).toEqual(["start"]);
    }
  });

  it("C1: a named tool is called once", async () => {
    const twice = '{"tool_calls":[{"name":"now","arguments":{}},{"name":"now","arguments":{}}]}';
    const scripted = scriptedModel([[twice]]);
    expect(summary(await whole(scripted, layer(), ask({ toolChoice: { name: "now" } })))).toBe(
      "call_1 now({}) | ! tools | tool-calls",
    );
    expect(formatOf(scripted.requests[0])).toMatchObject({ properties: { tool_calls: { maxItems: 1 } } });
  });

  it("C2: what cannot be meant is refused before any request, and the field named", async () => {
    const rows: readonly (readonly [Partial<ChatRequest>, string])[] = [
      [{ toolChoice: { name: "other" } }, "toolChoice"],
      [{ tools: [], toolChoice: "required" }, "toolChoice"],
      [{ tools: [], toolChoice: named }, "toolChoice"],
      [{ tools: [weather, clock, weather] }, "tools.2.name"],
      [{ tools: [weather, clock, weather], toolChoice: "none" }, "tools.2.name"],
      [{ tools: [weather, { ...clock, name: "" }] }, "tools.1.name"],
      [{ tools: [{ ...clock, parameters: { type: "string" } }] }, "tools.0.parameters"],
      [{ tools: [{ ...clock, parameters: { type: ["array", "null"] } }] }, "tools.0.parameters"],
      [{ tools: [clock, { ...clock, name: "b", parameters: { $ref: "#/$defs/x" } }] }, "tools.1.parameters"],
    ];
    for (const [change, setting] of rows) {
      const scripted = scriptedModel([["no"]]);
      expect((await play(scripted, layer(), ask(change))).error).toMatchObject({ code: "invalid_value", setting });
      expect(scripted.requests).toHaveLength(0);
    }
  });

  it("C3: each of the four choices has its own request", async () => {
    const choices = ["auto", "required", named, "none"] as const;
    const replies = ["hi", oslo, oslo, "hi"];
    const sent = choices.map(async (toolChoice, index) => {
      const scripted = scriptedModel([[replies[index] ?? ""]], "native");
      await whole(scripted, layer(), ask({ toolChoice }));
      return [scripted.requests[0]?.tools?.length, formatOf(scripted.requests[0]) !== undefined];
    });
    expect(await Promise.all(sent)).toEqual([
      [2, false],
      [undefined, true],
      [undefined, true],
      [undefined, false],
    ]);
  });

  it("C4: parallelToolCalls false is one call: in the grammar, and by leaving out later native ones", async () => {
    const calls = [...nativeCall("a", "get_weather", '{"city":"Oslo"}'), ...nativeCall("b", "now", "{}")];
    const native = scriptedModel([["Let me see.", ...calls, finish("tool-calls")]], "native");
    expect(summary(await whole(native, layer(), ask({ parallelToolCalls: false })))).toBe(
      '"Let me see." | a get_weather({"city":"Oslo"}) | ! parallelToolCalls | tool-calls',
    );
    expect(native.requests[0]).not.toHaveProperty("parallelToolCalls");
    const none = scriptedModel([[oslo], [oslo]], "none");
    await whole(none, layer(), ask({ parallelToolCalls: false, toolChoice: "required" }));
    expect(formatOf(none.requests[0])).toMatchObject({ properties: { tool_calls: { maxItems: 1 } } });
    await whole(none, layer(), ask({ toolChoice: "required" }));
    expect(formatOf(none.requests[1])).not.toHaveProperty("properties.tool_calls.maxItems");
  });
});

describe("the request under a grammar", () => {
  it("A12: differs by instruction, schema and tools only, and leaves the caller's as it was", async () => {
    const scripted = scriptedModel([[answer]], "none");
    const request = ask({ settings: { temperature: 0, stop: ["X"] }, extra: { num_ctx: 4096 }, reasoning: "low" });
    const before = structuredClone(request);
    await whole(scripted, jsonToolCalls({ instruction: (tools, choice) => `${choice} ${tools.length}` }), request);
    expect(request).toEqual(before);
    expect(scripted.requests[0]).toEqual({
      messages: [{ role: "system", content: "auto 2" }, ...before.messages],
      settings: { temperature: 0 },
      extra: { num_ctx: 4096 },
      reasoning: "low",
      responseFormat: { type: "json", schema: expect.objectContaining({ anyOf: expect.anything() }) },
    });
  });

  it("tells the model its tools, once", async () => {
    const scripted = scriptedModel([[answer], [oslo]], "none");
    const middleware = layer();
    const system = { role: "system", content: "Be brief." } as const;
    await whole(scripted, middleware, ask({ messages: [system, ...ask().messages] }));
    await whole(scripted, middleware, ask({ toolChoice: { name: "get_weather" } }));
    const [first, second] = scripted.requests.map(({ messages }) => messages[0]?.content);
    expect(first).toMatch(/^Be brief\.\n\nReply with JSON only: .*"answer"/);
    expect(first).toContain(JSON.stringify(weather));
    expect(scripted.requests[0]?.messages).toHaveLength(2);
    expect(second).not.toContain('"answer"');
    expect(second).not.toContain('"now"');
  });

  it("G2: with a response format the answer carries it, in one request, and comes as it is written", async () => {
    const schema = { type: "object", properties: { n: { $ref: "#/$defs/n" } }, $defs: { n: { type: "integer" } } };
    const responseFormat = { type: "json", schema, strict: true } as const;
    const scripted = scriptedModel([['{"answer": {"n": ', "1}}"], [oslo]], "native");
    const completion = await whole(scripted, layer(), ask({ responseFormat }));
    expect(summary(completion)).toBe('"{\\"n\\": 1}" | stop');
    expect(scripted.requests[0]).not.toHaveProperty("tools");
    expect(formatOf(scripted.requests[0])).toMatchObject({
      anyOf: [{ properties: { answer: { properties: { n: { $ref: "#/$defs/answer_0" } } } } }, {}],
      $defs: { answer_0: { type: "integer" } },
    });
    expect(summary(await whole(scripted, layer(), ask({ responseFormat })))).toContain("get_weather");
    const text = scriptedModel([['{"answer":"a\\n"}']], "none");
    expect(summary(await whole(text, layer(), ask({ responseFormat })))).toBe(`${JSON.stringify('"a\\n"')} | stop`);
  });

  it("names the tools where the host refuses the schema", async () => {
    const error = new ProviderError({
      code: "invalid_value",
      message: "Bad.",
      setting: "responseFormat",
      upstreamStatus: 400,
    });
    expect((await play(scriptedModel([[error]], "none"), layer(), ask())).error).toMatchObject({
      code: "invalid_value",
      setting: "tools",
      upstreamStatus: 400,
      cause: error,
    });
  });

  it("has no logprobs, and says so", async () => {
    const scripted = scriptedModel([[answer]], "none");
    const settings = { logprobs: 2 };
    expect(summary(await whole(scripted, layer(), ask({ settings })))).toBe('"Hello" | ! settings.logprobs | stop');
    expect(scripted.requests[0]?.settings).toEqual({});
    const { error } = await play(scripted, layer(), ask({ settings, strictSettings: true }));
    expect(error).toMatchObject({ code: "unsupported", setting: "settings.logprobs" });
    expect(scripted.requests).toHaveLength(1);
  });

  it("ends an answer at the caller's stop sequence, a call never", async () => {
    const settings = { stop: ["END", "O"] };
    const scripted = scriptedModel(
      [['{"answer":"one E', 'ND two"}'], ['{"answer":"one E"}'], [oslo], ['{"answer":"a O\\n b END"}']],
      "none",
    );
    expect(summary(await whole(scripted, layer(), ask({ settings })))).toBe('"one " | stop');
    expect(scripted.left()).toBe(1);
    expect(summary(await whole(scripted, layer(), ask({ settings })))).toBe('"one E" | stop');
    expect(summary(await whole(scripted, layer(), ask({ settings })))).toContain("Oslo");
    expect(summary(await whole(scripted, layer(), ask({ settings })))).toBe('"a " | stop');
  });

  it("takes 200 tools", async () => {
    const tools = Array.from({ length: 200 }, (_, index) => ({ ...weather, name: `tool_${index}` }));
    const reply = '{"tool_calls":[{"name":"tool_199","arguments":{"city":"Oslo"}}]}';
    const completion = await whole(scriptedModel([[reply]], "none"), layer(), ask({ tools }));
    expect(summary(completion)).toBe('call_1 tool_199({"city":"Oslo"}) | tool-calls');
  });
});

describe("the stream under a grammar", () => {
  async function partsOf(...reply: (string | StreamPart)[]): Promise<readonly (readonly StreamPart[])[]> {
    const { batches, error } = await play(scriptedModel([reply], "none"), layer(), ask());
    expect(error).toBeUndefined();
    return batches;
  }

  it("A9: no byte of a call is text, and each fragment leaves with the piece it came in", async () => {
    const batches = await partsOf(
      '{"tool_',
      'calls":[{"na',
      'me":"get_w',
      'eather","argu',
      'ments":{"ci',
      'ty":"Os',
      'lo"}}',
      "]}",
    );
    expect(batches.slice(1)).toEqual([
      [{ type: "tool-call-start", id: "call_1", name: "get_weather" }],
      [{ type: "tool-call-delta", id: "call_1", argumentsDelta: '{"ci' }],
      [{ type: "tool-call-delta", id: "call_1", argumentsDelta: 'ty":"Os' }],
      [{ type: "tool-call-delta", id: "call_1", argumentsDelta: 'lo"}' }],
      [{ ...finish("tool-calls"), rawReason: "stop" }],
    ]);
  });

  it("A9: arguments before the name leave as they come where only one tool can be meant", async () => {
    const pieces = ['{"tool_calls":[{"arguments":{"ci', 'ty":"Oslo"', '},"name":"get_', 'weather"}]}'];
    const request = ask({ toolChoice: { name: "get_weather" } });
    const { batches, error } = await play(scriptedModel([pieces]), layer(), request);
    expect(error).toBeUndefined();
    expect(batches.slice(1, -1)).toEqual([
      [
        { type: "tool-call-start", id: "call_1", name: "get_weather" },
        { type: "tool-call-delta", id: "call_1", argumentsDelta: '{"ci' },
      ],
      [{ type: "tool-call-delta", id: "call_1", argumentsDelta: 'ty":"Oslo"' }],
      [{ type: "tool-call-delta", id: "call_1", argumentsDelta: "}" }],
    ]);
    const other = '{"tool_calls":[{"arguments":{},"name":"now"}]}';
    expect((await play(scriptedModel([[other]]), layer(), request)).error).toMatchObject({
      code: "upstream_protocol_error",
    });
  });

  it("A11: an answer leaves piece by piece, decoded", async () => {
    const batches = await partsOf('{"answer":"', "Hel", "lo\\", "n\\ud83e", "\\udd99 ", 'you"', "}");
    expect(batches.slice(1, -1)).toEqual(
      ["Hel", "lo", "\n", "🦙 ", "you"].map((text) => [{ type: "text-delta", text }]),
    );
  });

  it("A1: a call upgrades stop, and leaves length alone", async () => {
    expect((await partsOf(oslo, finish("stop"))).at(-1)).toMatchObject([{ reason: "tool-calls" }]);
    expect((await partsOf(oslo, finish("length"))).at(-1)).toMatchObject([{ reason: "length" }]);
  });

  it("A2, A3, A5: parallel calls are apart, each with an id and arguments that parse", async () => {
    const calls = ["Oslo", "Rome", "Bern"].map((city) => `{"name":"get_weather","arguments":{"city":"${city}"}}`);
    const completion = await whole(scriptedModel([[`{"tool_calls":[${calls}]}`]], "none"), jsonToolCalls(), ask());
    const found = completion.content.filter((part) => part.type === "tool-call");
    expect(found.map((call) => JSON.parse(call.arguments))).toEqual([
      { city: "Oslo" },
      { city: "Rome" },
      { city: "Bern" },
    ]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(3);
    for (const { id } of found) expect(id).toMatch(/^call_[0-9a-f]{24}$/);
  });

  it("A4: a call without arguments has an id and {}", async () => {
    const expected = [
      { type: "tool-call-start", id: "call_1", name: "now" },
      { type: "tool-call-delta", id: "call_1", argumentsDelta: "{}" },
    ];
    for (const call of ['{"name":"now","arguments":{}}', '{"name":"now"}', '{"name":"now","arguments":null}'])
      expect((await partsOf(`{"tool_calls":[${call}]}`)).flat().slice(1, -1)).toEqual(expected);
  });

  it("A8: reasoning and warnings pass, and pieces without content change nothing", async () => {
    const reasoning: StreamPart = { type: "reasoning-delta", text: "Hm" };
    expect((await partsOf(reasoning, "  ", "\n", oslo)).flat().slice(1, 3)).toEqual([
      reasoning,
      { type: "tool-call-start", id: "call_1", name: "get_weather" },
    ]);
  });

  it("A10: nothing empty comes before a call", async () => {
    const batches = await partsOf('{"answer":"",', '"tool_calls":[{"name":"now","arguments":{}}]}');
    expect(batches.flat().some((part) => part.type === "text-delta")).toBe(false);
  });

  it("length in the middle of a call keeps what came", async () => {
    expect((await partsOf('{"tool_calls":[{"name":"now","arguments":{"a', finish("length"))).flat().slice(1)).toEqual([
      { type: "tool-call-start", id: "call_1", name: "now" },
      { type: "tool-call-delta", id: "call_1", argumentsDelta: '{"a' },
      finish("length"),
    ]);
    expect((await partsOf('{"tool_calls":[{"name":"now"', finish("length"))).flat().slice(1, -1)).toEqual([
      { type: "tool-call-start", id: "call_1", name: "now" },
      { type: "tool-call-delta", id: "call_1", argumentsDelta: "" },
    ]);
    expect((await partsOf('{"tool_ca', finish("length"))).flat().slice(1)).toEqual([finish("length")]);
    expect((await partsOf('{"tool_calls":[{"arguments":{"a', finish("length"))).flat().slice(1)).toMatchObject([
      { type: "warning", warning: { setting: "tools" } },
      finish("length"),
    ]);
  });

  it("G5: endless white space after the reply ends it, and the upstream is left", async () => {
    const endless = scriptedModel([[oslo, ...Array.from({ length: 500 }, () => "\n")]], "none");
    expect(summary(await whole(endless, layer(), ask()))).toBe('call_1 get_weather({"city":"Oslo"}) | tool-calls');
    expect(endless.left()).toBe(1);
    const proper = scriptedModel([[answer, "\n \n"]], "none");
    expect((await whole(proper, layer(), ask())).finish.usage.outputTokens).toBe(7);
    expect(proper.left()).toBe(0);
  });

  it("says once that the model went on after its reply", async () => {
    const { model } = scriptedModel([], "none");
    const text = (content: string): StreamPart => ({ type: "text-delta", text: content });
    const stream = async function* () {
      yield [{ type: "start", modelId: "m", warnings: [] }, text(answer), text(" more"), text(" and more")] as const;
    };
    const scripted = { model: { ...model, stream }, requests: [], left: () => 0 };
    expect(summary(await whole(scripted, layer(), ask()))).toBe('"Hello" | ! tools | stop');
  });

  it("tells what came before a failure, then the failure", async () => {
    const error = new ProviderError({ code: "upstream_stream_interrupted", message: "Cut." });
    const request = ask({ settings: { stop: ["lost"] } });
    const played = await play(scriptedModel([['{"answer":"all is lo', error]], "none"), layer(), request);
    expect(played.error).toBe(error);
    expect(
      played.batches
        .flat()
        .slice(1)
        .map((part) => part.type === "text-delta" && part.text),
    ).toEqual(["all is ", "lo"]);
  });

  it("ends a pending read when the caller aborts", async () => {
    const { model } = scriptedModel([], "none");
    const controller = new AbortController();
    const stuck = {
      ...model,
      stream: () =>
        (async function* () {
          await new Promise(() => {});
        })(),
    };
    const iterator = applyMiddleware(stuck, [layer()])
      .stream(ask(), { signal: controller.signal })
      [Symbol.asyncIterator]();
    const read = iterator.next();
    const reason = new Error("gone");
    controller.abort(reason);
    await expect(read).rejects.toBe(reason);
  });
});

describe("history", () => {
  const call = (id: string, city: string) =>
    ({ type: "tool-call", id, name: "get_weather", arguments: `{"city":"${city}"}` }) as const;
  const history: ChatRequest["messages"] = [
    { role: "user", content: [{ type: "text", text: "Oslo and Rome?" }] },
    { role: "assistant", content: [call("a", "Oslo"), call("b", "Rome")] },
    { role: "tool", callId: "b", name: "get_weather", content: "hot" },
    { role: "tool", callId: "a", name: "get_weather", content: "cold" },
  ];

  it("D1: a model without tools sees its calls and which result belongs to which", async () => {
    const scripted = scriptedModel([[answer]], "none");
    await whole(scripted, layer(), ask({ messages: history }));
    expect(scripted.requests[0]?.messages.slice(1)).toEqual([
      history[0],
      {
        role: "assistant",
        content: [
          {
            type: "text",
            text: '{"tool_calls":[{"name":"get_weather","arguments":{"city":"Oslo"}},{"name":"get_weather","arguments":{"city":"Rome"}}]}',
          },
        ],
      },
      {
        role: "user",
        content: [
          { type: "text", text: "Result of get_weather (call 2):\nhot" },
          { type: "text", text: "Result of get_weather (call 1):\ncold" },
        ],
      },
    ]);
  });

  it("D1: a model without tools sees them in a request without tools too", async () => {
    for (const tools of [undefined, []]) {
      const none = scriptedModel([["Cold."], ["hi"]], "none");
      await whole(none, layer(), ask({ messages: history, tools }));
      expect(none.requests[0]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
      expect(JSON.stringify(none.requests[0]?.messages)).toContain("Result of get_weather (call 1):");
      const bare = ask({ tools });
      await whole(none, layer(), bare);
      expect(none.requests[1]).toBe(bare);
      const native = scriptedModel([["Cold."]], "native");
      const request = ask({ messages: history, tools });
      await whole(native, layer(), request);
      expect(native.requests[0]).toBe(request);
    }
  });

  it("D2: a model that calls until it sees a result comes to an end", async () => {
    const { model, requests } = scriptedModel([], "none");
    const stubborn = {
      ...model,
      stream(request: ChatRequest) {
        const hasResult = JSON.stringify(request.messages).includes("Result of now:");
        return scriptedModel([[hasResult ? answer : '{"tool_calls":[{"name":"now","arguments":{}}]}']]).model.stream(
          request,
        );
      },
    };
    const scripted = { model: stubborn, requests, left: () => 0 };
    const first = await whole(scripted, layer(), ask());
    const messages: ChatRequest["messages"] = [
      ...ask().messages,
      { role: "assistant", content: first.content },
      { role: "tool", callId: "call_1", name: "now", content: "12:00" },
    ];
    expect(summary(await whole(scripted, layer(), ask({ messages })))).toBe('"Hello" | stop');
  });

  it("B3: prose after a tool result is prose", async () => {
    const scripted = scriptedModel([["It is hot in Rome."]], "none");
    expect(summary(await whole(scripted, layer(), ask({ messages: history })))).toBe(
      '"It is hot in Rome." | ! tools | stop',
    );
  });

  it("D3: empty and broken arguments, and messages without content, are readable history", async () => {
    const scripted = scriptedModel([[answer]], "none");
    const odd = (text: string) => ({ type: "tool-call", id: text, name: "now", arguments: text }) as const;
    const messages: ChatRequest["messages"] = [
      { role: "assistant", content: [] },
      { role: "assistant", content: [{ type: "text", text: "Hm." }, odd(""), odd('{"a":'), odd("[1]")] },
    ];
    await whole(scripted, layer(), ask({ messages }));
    expect(scripted.requests[0]?.messages.slice(1)).toEqual([
      { role: "assistant", content: [] },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Hm." },
          {
            type: "text",
            text: '{"tool_calls":[{"name":"now","arguments":{}},{"name":"now","arguments":"{\\"a\\":"},{"name":"now","arguments":"[1]"}]}',
          },
        ],
      },
    ]);
  });

  it("D4: tools go upstream whoever spoke last, and a user's next turn joins the results", async () => {
    const native = scriptedModel([["ok"]], "native");
    await whole(native, layer(), ask({ messages: history }));
    expect(native.requests[0]?.tools).toHaveLength(2);
    expect(native.requests[0]?.messages).toBe(history);
    const none = scriptedModel([[answer]], "none");
    await whole(
      none,
      layer(),
      ask({ messages: [...history, { role: "user", content: [{ type: "text", text: "And?" }] }] }),
    );
    expect(none.requests[0]?.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(none.requests[0]?.messages.at(-1)?.content).toContainEqual({ type: "text", text: "And?" });
    const named = { role: "user", name: "ann", content: [{ type: "text", text: "And?" }] } as const;
    await whole(none, layer(), ask({ messages: [...history, named] }));
    expect(none.requests[1]?.messages.at(-1)).toEqual(named);
  });
});
