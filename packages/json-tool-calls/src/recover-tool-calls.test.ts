import { applyMiddleware, ProviderError, type StreamPart, type ToolDefinition } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import {
  ask,
  clock,
  countingIds,
  everyCut,
  finish,
  nativeCall,
  play,
  scriptedModel,
  summary,
  weather,
  whole,
} from "../test/scripted-model.ts";
import { jsonToolCalls } from "./json-tool-calls.ts";
import { recoverToolCalls } from "./recover-tool-calls.ts";

const layer = () => recoverToolCalls({ generateId: countingIds() });
const search: ToolDefinition = {
  name: "search",
  parameters: { type: "object", properties: { query: { type: "string" }, limit: { type: "integer" } } },
};
const request = ask({ tools: [weather, clock, search] });
const outcome = async (pieces: readonly string[]) =>
  summary(await whole(scriptedModel([pieces], "native"), layer(), request));

const call = '{"name": "get_weather", "arguments": {"city": "Oslo"}}';
const other = '{"name": "search", "arguments": {"query": "} { \\" <", "limit": 2}}';
const one = 'call_1 get_weather({"city": "Oslo"})';
const two = 'call_2 search({"query": "} { \\" <", "limit": 2})';

/** Shapes in which calls leak, and what they are. */
const LEAKED: readonly (readonly [string, string])[] = [
  // bare JSON
  [call, one],
  [`\n\n ${call}\n`, one],
  ['{"name":"get_weather","parameters":{"city":"Oslo"}}', 'call_1 get_weather({"city":"Oslo"})'],
  ['{"arguments":{"city":"Oslo"},"name":"get_weather"}', 'call_1 get_weather({"city":"Oslo"})'],
  ['{"name":"get_weather","arguments":"{\\"city\\":\\"Oslo\\"}"}', 'call_1 get_weather({"city":"Oslo"})'],
  ['{"type":"function","name":"now","parameters":{}}', "call_1 now({})"],
  ['{"id":"call_9","type":"function","function":{"name":"now","arguments":"{}"}}', "call_1 now({})"],
  ['{"function":"now","arguments":{}}', "call_1 now({})"],
  ['{"tool":"now","args":{}}', "call_1 now({})"],
  [`{"tool_calls":[${call},${other}]}`, `${one} | ${two}`],
  [
    `{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"now","arguments":"{}"}}]}`,
    "call_1 now({})",
  ],
  [`[${call}]`, one],
  [`[ ${call} , ${other} ]`, `${one} | ${two}`],
  [`${call}\n${other}`, `${one} | ${two}`],
  [`${call}; ${other}`, `${one} | ${two}`],
  [`${call},\n${other}`, `${one} | ${two}`],
  [`functools[${call}]`, one],
  // as the only thing in a fence
  [`\`\`\`json\n${call}\n\`\`\``, one],
  [`\`\`\`\n[${call}]\n\`\`\`\n`, one],
  [`\`\`\`tool_call\n${call}\n${other}\n\`\`\``, `${one} | ${two}`],
  // tags
  [`<tool_call>\n${call}\n</tool_call>`, one],
  [`<tool_call>${call}`, one],
  [`<tool_call>${call}\n</tool_call>\n<tool_call>\n${other}</tool_call>\n`, `${one} | ${two}`],
  [`<tool_call>${call}\n<tool_call>`, one],
  [`<tool_call>${call}<tool_call>${other}</tool_call>`, `${one} | ${two}`],
  [`<tool_call>[${call}, ${other}]</tool_call>`, `${one} | ${two}`],
  [`<tool_call>\n${call}\n${other}\n</tool_call>`, `${one} | ${two}`],
  [`${call}\n</tool_call>`, one],
  [`<tool_calls>[${call}]</tool_calls>`, one],
  [`<function_call>${call}</function_call>`, one],
  [`<functioncall> ${call} </functioncall>`, one],
  [`<tools>\n${call}\n</tools>`, one],
  [`<|tool_call|>[${call}]<|/tool_call|>`, one],
  [`<|python_tag|>${call}`, one],
  [`<|python_tag|>${call}; ${other}<|eom_id|>`, `${one} | ${two}`],
  [`[TOOL_CALLS] [${call}]`, one],
  [`[TOOL_CALLS]${call}`, one],
  ['[TOOL_CALLS]get_weather{"city": "Oslo"}', one],
  ['[TOOL_CALLS]get_weather[ARGS]{"city": "Oslo"}[TOOL_CALLS]now[ARGS]{}', `${one} | call_2 now({})`],
  // functions as tags
  ['<function=get_weather>{"city": "Oslo"}</function>', one],
  ['<function=get_weather>{"city": "Oslo"}', one],
  ["<function=get_weather>\n<parameter=city>\nOslo\n</parameter>\n</function>", 'call_1 get_weather({"city":"Oslo"})'],
  [
    "<tool_call>\n<function=search>\n<parameter=query>\n5 < 6\n\n</parameters>\n</parameter>\n<parameter=limit>\n5\n</parameter>\n</function>\n</tool_call>",
    'call_1 search({"query":"5 < 6\\n\\n</parameters>","limit":5})',
  ],
  ["<function=search><parameter=query>42</parameter></function>", 'call_1 search({"query":"42"})'],
  ["<function=now>\n</function>", "call_1 now({})"],
  ["<function=get_weather>\n<parameter=city>\nOslo\n</parameter>", 'call_1 get_weather({"city":"Oslo"})'],
  // prose, then a call
  [
    'Let me check that.\n{"name": "get_weather", "parameters": {"city": "Paris"}}',
    '"Let me check that.\\n" | call_1 get_weather({"city": "Paris"})',
  ],
  [`I will look it up.\n<tool_call>\n${call}\n</tool_call>`, `"I will look it up.\\n" | ${one}`],
  [`Looking now. <tool_call>\n${call}\n</tool_call> `, `"Looking now. " | ${one}`],
  [
    `<tool_call>${call}</tool_call>\n\`\`\`json\n${other}\n\`\`\``,
    `${one} | ${JSON.stringify(`\n\`\`\`json\n${other}\n\`\`\``)}`,
  ],
  [`\`\`\`json\n{}\n\`\`\`\n<tool_call>${call}</tool_call>`, `"\`\`\`json\\n{}\\n\`\`\`\\n" | ${one}`],
  [
    `\`\`\`json\n${call}\n\`\`\`\nNow: <tool_call>${call}</tool_call>`,
    `${JSON.stringify(`\`\`\`json\n${call}\n\`\`\`\nNow: `)} | ${one}`,
  ],
  [`<tool_call>${call}</tool_call>\nDone.`, `${one} | "\\nDone."`],
];

/** Text that only looks like a call. */
const LOOKALIKES: readonly string[] = [
  "Hello, world.",
  "   ",
  "\n\n",
  "The set {1, 2} and the list [3] and a < b > c.",
  "Use `<tool_call>` to call a tool.",
  `Models write \`<tool_call>${call}</tool_call>\` for this.`,
  `Here is how a call looks:\n\`\`\`json\n${call}\n\`\`\`\nIt has a name and arguments.`,
  `Here is how a call looks:\n\`\`\`json\n${call}\n\`\`\``,
  `\`\`\`json\n${call}\n\`\`\`\nThat is a call.`,
  `\`\`\`json\n{"a": 1}\n<tool_call>${call}</tool_call>\n\`\`\``,
  `\`\`\`js\nconst call = 1;\n${call}\n\`\`\``,
  `A call looks so:\n${call}\nand is followed by its result.`,
  `Calling: ${call}`,
  `Calling: [${call}]`,
  `So:\n\`\`\`\n<tool_call>${call}</tool_call>\n\`\`\``,
  `${call} is what I would write.`,
  `${call}\n${'{"name":"other","arguments":{}}'}`,
  `[${call}, {"name":"other","arguments":{}}]`,
  `[${call}] and more`,
  '{"name":"Alice","arguments":{"for":"pie"}}',
  '{"name":"get_weather"}',
  '{"name":"get_weather","version":"1.0.0","arguments":{}}',
  '{"name":"get_weather","description":"The weather","parameters":{"type":"object"}}',
  '{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}',
  '[{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}}]',
  '{"name":"get_weather","arguments":["Oslo"]}',
  '{"name":"get_weather","arguments":"Oslo"}',
  '{"name":"get_weather","arguments":7}',
  '{"name":["get_weather"],"arguments":{}}',
  '{"name":"get_weather","arguments":{"city":"Oslo"',
  '{"name":"get_weather","arguments":{"city":Oslo}}',
  '{"answer":"yes","score":7}',
  '{"arguments":{"city":"Oslo"}}',
  '{"tool_calls":[{"tool_calls":[{"tool_calls":[{"name":"now","arguments":{}}]}]}]}',
  '{"name":"now","function":{"name":"now","arguments":{}}}',
  "{}",
  "[]",
  "[1, 2, 3]",
  "[x](https://example.org)",
  "{",
  '{"',
  '{{"name":"now","arguments":{}}}',
  '{{"name":"now","arguments":{}}',
  "<tool_call>",
  "<tool_call>get_weather</tool_call>",
  '<tool_call>{"name":"other","arguments":{}}</tool_call>',
  `<tool_call>${call} and so on`,
  `<tool_call>${call}</tool_response>`,
  "<function=other>{}</function>",
  "<function=get_weather>Oslo</function>",
  "<function=get_weather>\n<parameter=city>\nOs",
  "<function=get_weather>{}</func>",
  "<table><tr><td>1</td></tr></table>",
  "if (a <tool && b> c) {",
  "[TOOL_CALLS] none",
  "[TOOL_CALLS]other{}",
  "<|python_tag|>print(1)",
  "functools.reduce(f, [])",
  "```\nfunctools[]\n```",
  "Some `{\n` and\n  {indented} text\n",
];

describe("B8: a leaked call", () => {
  it.each(LEAKED)("%s", async (text, calls) => {
    for (const pieces of everyCut(text))
      expect([pieces, await outcome(pieces)]).toEqual([pieces, `${calls} | tool-calls`]);
  });
});

describe("B8: what only looks like a call stays text, byte for byte", () => {
  it.each(LOOKALIKES)("%s", async (text) => {
    for (const pieces of everyCut(text))
      expect([pieces, await outcome(pieces)]).toEqual([pieces, `${JSON.stringify(text)} | stop`]);
  });
});

describe("the stream", () => {
  async function batchesOf(...reply: (string | StreamPart)[]): Promise<readonly (readonly StreamPart[])[]> {
    const { batches, error } = await play(scriptedModel([reply], "native"), layer(), request);
    expect(error).toBeUndefined();
    return batches.slice(1);
  }
  const text = (content: string): StreamPart => ({ type: "text-delta", text: content });

  it("A11: text without a call leaves as it arrives, batches untouched", async () => {
    const batch = [text("The quick"), text(" brown")];
    const { model } = scriptedModel([], "native");
    const source = (async function* () {
      yield [{ type: "start", modelId: "m", warnings: [] }] as const;
      yield batch;
      yield [finish("stop")];
    })();
    const seen = [];
    for await (const item of layer()({ ...model, stream: () => source }).stream(request)) seen.push(item);
    expect(seen[1]).toBe(batch);
    expect(seen).toHaveLength(3);
    const pieces = ["The", " quick", " brown\n", "llama", " jumps"];
    expect((await batchesOf(...pieces)).slice(0, -1)).toEqual(pieces.map((piece) => [text(piece)]));
  });

  it("holds no more than the decision needs", async () => {
    expect((await batchesOf("a <", "b", ' {"name"', ' is\n{"a', '": 1}', "<tool", " x")).slice(0, -1)).toEqual(
      ["a ", "<b", ' {"name"', " is\n", '{"a": 1}', " x"]
        .map((piece) => [text(piece)])
        .toSpliced(5, 1, [text("<tool x")]),
    );
  });

  it("leaves requests without tools alone", () => {
    const { model } = scriptedModel([], "native");
    const source = (async function* () {})();
    const wrapped = layer()({ ...model, stream: () => source });
    for (const change of [{ tools: [] }, { tools: undefined }, { toolChoice: "none" as const }])
      expect(wrapped.stream(ask(change))).toBe(source);
    expect(wrapped.capabilities()).toEqual(model.capabilities());
  });

  it("knows arguments from a definition where they look the same, and tools without parameters", async () => {
    const define = { name: "define", parameters: { properties: { type: {}, properties: {} } } };
    // What a caller without types may do.
    const untyped: ToolDefinition[] = JSON.parse('[{"name":"now"},{"name":"define","parameters":null}]');
    const args = '{"type":"object","properties":{}}';
    const text = `{"name":"define","arguments":${args}}`;
    const read = async (tools: readonly ToolDefinition[], reply: string) =>
      summary(await whole(scriptedModel([[reply]], "native"), layer(), ask({ tools })));
    expect(await read([define], text)).toBe(`call_1 define(${args}) | tool-calls`);
    expect(await read(untyped, text)).toBe(`${JSON.stringify(text)} | stop`);
    expect(await read(untyped, "<function=now><parameter=zone>5</parameter></function>")).toBe(
      'call_1 now({"zone":5}) | tool-calls',
    );
  });

  it("leaves text alone once the model makes a call of its own", async () => {
    const native = nativeCall("n", "now", "{}");
    expect(await batchesOf("<tool_call>", ...native, call, finish("tool-calls"))).toEqual([
      [text("<tool_call>"), native[0]],
      [native[1]],
      [text(call)],
      [finish("tool-calls")],
    ]);
  });

  it("A1: upgrades stop, and leaves length alone", async () => {
    expect((await batchesOf(call, finish("length"))).at(-1)?.at(-1)).toMatchObject({ reason: "length" });
    expect((await batchesOf(call, finish("stop"))).at(-1)?.at(-1)).toMatchObject({ reason: "tool-calls" });
    expect(await batchesOf(call.slice(0, -1), finish("length"))).toEqual([[text(call.slice(0, -1)), finish("length")]]);
  });

  it("keeps the order of what comes while text is held", async () => {
    const logprobs: StreamPart = { type: "logprobs", tokens: [] };
    const reasoning: StreamPart = { type: "reasoning-delta", text: "Hm" };
    expect((await batchesOf("{", logprobs, "x", reasoning, call, reasoning, "Done.")).slice(0, -1)).toEqual([
      [text("{x"), logprobs],
      [reasoning],
      [...nativeCall("call_1", "get_weather", '{"city": "Oslo"}'), reasoning],
      [text("Done.")],
    ]);
  });

  it("lets what it holds go before a failure", async () => {
    const error = new ProviderError({ code: "upstream_stream_interrupted", message: "Cut." });
    const played = await play(scriptedModel([[call, error]], "native"), layer(), request);
    expect(played.error).toBe(error);
    expect(played.batches.slice(1)).toEqual([[text(call)]]);
  });

  it("B9: tokens and nothing to see are a warning", async () => {
    expect((await batchesOf(finish("stop", 40))).flat()).toMatchObject([
      { type: "warning", warning: { setting: "tools" } },
      finish("stop", 40),
    ]);
    expect(await batchesOf(finish("stop", 1))).toEqual([[finish("stop", 1)]]);
    expect(await batchesOf("x", finish("stop", 40))).toEqual([[text("x")], [finish("stop", 40)]]);
    expect(await batchesOf(finish("length", 40))).toEqual([[finish("length", 40)]]);
  });

  it("C4: recovered calls are limited by the layer above like native ones", async () => {
    const { model } = scriptedModel([[`${call}\n${other}`]], "native");
    const batches = [];
    for await (const batch of applyMiddleware(model, [jsonToolCalls(), layer()]).stream({
      ...request,
      parallelToolCalls: false,
    }))
      batches.push(...batch);
    expect(batches.filter(({ type }) => type === "tool-call-start")).toHaveLength(1);
  });
});
