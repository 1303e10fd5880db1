import {
  type AssistantContent,
  applyMiddleware,
  type ChatRequest,
  ProviderError,
  type ToolDefinition,
} from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import recorded from "../test/recordings/grammar-replies.json" with { type: "json" };
import {
  ask,
  clock,
  countingIds,
  everyCut,
  finish,
  play,
  type Reply,
  scriptedModel,
  summary,
  weather,
  whole,
} from "../test/scripted-model.ts";
import { jsonToolCalls } from "./json-tool-calls.ts";
import { recoverToolCalls } from "./recover-tool-calls.ts";

const layer = () => jsonToolCalls({ generateId: countingIds() });
const outcome = async (pieces: Reply, request: ChatRequest = ask()) => {
  const { batches, error } = await play(scriptedModel([pieces], "none"), layer(), request);
  if (error !== undefined) return `! ${(error as { code?: string }).code}`;
  const { model } = scriptedModel([batches.flat().slice(1)]);
  return summary(await whole({ model, requests: [], left: () => 0 }, (next) => next, ask()));
};

/** Replies, and what they are: as the grammar has them, and as models without one write them. */
const REPLIES: readonly (readonly [string, string])[] = [
  // what the grammar promises
  ['{"answer":"Hello"}', '"Hello" | stop'],
  ['{ "answer" : "a\\"b\\\\c\\/d\\b\\f\\n\\r\\t" }\n', `${JSON.stringify('a"b\\c/d\b\f\n\r\t')} | stop`],
  ['{"answer":"\\u00e9 \\ud83e\\udd99 \\uD83E\\uDD99 🦙"}', '"é 🦙 🦙 🦙" | stop'],
  ['{"answer":"\\ud83e x \\udd99 \\ud83e\\n\\ud83e"}', '"� x � �\\n�" | stop'],
  ['{"answer":"{\\"tool_calls\\":[]}"}', '"{\\"tool_calls\\":[]}" | stop'],
  ['{"answer":""}', "stop"],
  [
    '{"tool_calls":[{"name":"get_weather","arguments":{"city":"O\\"}{s\\\\lo","n":[1,{"a":"]"}]}}]}',
    'call_1 get_weather({"city":"O\\"}{s\\\\lo","n":[1,{"a":"]"}]}) | tool-calls',
  ],
  [
    '{"tool_calls": [ {"name": "now", "arguments": {}} , {"name": "get_weather", "arguments": { "city" : 1 }} ] }  ',
    'call_1 now({}) | call_2 get_weather({ "city" : 1 }) | tool-calls',
  ],
  // B2: nothing
  ["", "stop"],
  [" \n ", "stop"],
  // B3, B5: prose
  ["It is sunny.", '"It is sunny." | ! tools | stop'],
  ["\n [1] says so", '"\\n [1] says so" | ! tools | stop'],
  ["`now` tells the time", '"`now` tells the time" | ! tools | stop'],
  ["```js\nlet a;\n```", '"```js\\nlet a;\\n```" | ! tools | stop'],
  // B6: JSON that is no call
  ['{"city":"Oslo","sunny":true}', '"{\\"city\\":\\"Oslo\\",\\"sunny\\":true}" | ! tools | stop'],
  ['{"name":"Alice","arguments":{}}', '"{\\"name\\":\\"Alice\\",\\"arguments\\":{}}" | ! tools | stop'],
  ['{"name":"now","version":1}', '"{\\"name\\":\\"now\\",\\"version\\":1}" | ! tools | stop'],
  ["{}", '"{}" | ! tools | stop'],
  ["{x: 1}", '"{x: 1}" | ! tools | stop'],
  ['{"answer', '"{\\"answer" | ! tools | stop'],
  // without a grammar: other keys, fences, other forms of a call
  ['{"answer":"a","confidence":0.5}', '"a" | stop'],
  ['{"answer":null,"tool_calls":[{"name":"now"}]}', "call_1 now({}) | tool-calls"],
  ['{"tool_calls":null,"answer":"a"}', '"a" | stop'],
  ['{"answer":"Wait","tool_calls":[{"name":"now"}]}', '"Wait" | call_1 now({}) | tool-calls'],
  ['{"answer":{"a":1}}', '"{\\"a\\":1}" | stop'],
  ['{"answer": 12.5 }', '"12.5" | stop'],
  ['```json\n{"answer":"a"}\n```\n', '"a" | stop'],
  ['``` {"tool_calls":[{"name":"now"}]} ```', "call_1 now({}) | tool-calls"],
  ['{"name":"get_weather","arguments":{"city":"Oslo"}}', 'call_1 get_weather({"city":"Oslo"}) | tool-calls'],
  ['{"name":"get_weather", "parameters": {}, "id": 1}', "call_1 get_weather({}) | tool-calls"],
  [
    '{"tool_calls":[{"arguments":{"city":"Oslo"},"name":"get_weather"}]}',
    'call_1 get_weather({"city":"Oslo"}) | tool-calls',
  ],
  [
    '{"tool_calls":[{"id":"x","name":"get_weather","arguments":"{\\"city\\":1}"}]}',
    'call_1 get_weather({"city":1}) | tool-calls',
  ],
  [
    '{"tool_calls":[{"name":"now","arguments":null,"parameters":" {\\"a\\":1}"},{"name":"now","arguments":" "}]}',
    'call_1 now({"a":1}) | call_2 now({}) | tool-calls',
  ],
  ['{"answer":"a"} I hope that helps.', '"a" | ! tools | stop'],
  // broken after it was clear what it would be
  ['{"tool_calls":[{"name":"other","arguments":{}}]}', "! upstream_protocol_error"],
  ['{"tool_calls":[{"arguments":{}}]}', "! upstream_protocol_error"],
  ['{"tool_calls":[{"name":"now","arguments":7}]}', "! upstream_protocol_error"],
  ['{"tool_calls":[{"name":"now","arguments":" Oslo"}]}', "! upstream_protocol_error"],
  ['{"tool_calls":[{"name":"now","arguments":{"a":1},"arguments":{"b":2}}]}', "! upstream_protocol_error"],
  ['{"tool_calls":[{"arguments":{"a":1},"parameters":{"b":2},"name":"now"}]}', "! upstream_protocol_error"],
  ['{"tool_calls":[{"name":"now","arguments":{"a', "! upstream_protocol_error"],
  ['{"tool_calls":[{"name":"now"}; {}]}', "! upstream_protocol_error"],
  ['{"tool_calls":{"name":"now"}}', "! upstream_protocol_error"],
  ['{"answer":"a";}', "! upstream_protocol_error"],
  ['{"answer":"cut', '"cut" | stop'],
];

describe("a reply", () => {
  it.each(REPLIES)("A7: %s", async (reply, expected) => {
    for (const pieces of everyCut(reply)) expect([pieces, await outcome(pieces)]).toEqual([pieces, expected]);
  });

  it("B2: empty content is an empty answer, however often it comes", async () => {
    expect(await outcome([])).toBe("stop");
  });

  it.each([
    ['{"answer":"one END two","tool_calls":[{"name":"now"}]}', '"one " | stop'],
    ['{"answer":"one END two";}', '"one " | stop'],
    ['{"answer":"one END two"} more', '"one " | stop'],
    ['{"answer":"one E","tool_calls":[{"name":"now"}]}', '"one E" | call_1 now({}) | tool-calls'],
    ["one END two", '"one " | ! tools | stop'],
    ['{"name":"one END two', '"{\\"name\\":\\"one " | ! tools | stop'],
  ])("ends at a stop sequence wherever it is cut: %s", async (reply, expected) => {
    const request = ask({ settings: { stop: ["END"] } });
    for (const pieces of everyCut(reply)) expect([pieces, await outcome(pieces, request)]).toEqual([pieces, expected]);
  });

  it("that reached a stop sequence has stopped, though the upstream had no room left", async () => {
    const { model } = scriptedModel([], "none");
    const text = '{"answer":"one END two';
    const stream = async function* () {
      yield [{ type: "start", modelId: "m", warnings: [] }, { type: "text-delta", text }, finish("length")] as const;
    };
    const scripted = { model: { ...model, stream }, requests: [], left: () => 0 };
    const { batches } = await play(scripted, layer(), ask({ settings: { stop: ["END"] } }));
    expect(batches.flat().slice(1)).toMatchObject([{ text: "one " }, { reason: "stop" }]);
  });

  it("a generated reply gives the same at every cut", async () => {
    const random = createRandom(7);
    for (let round = 0; round < 60; round++) {
      const text = randomText(random);
      const args = JSON.stringify({ [randomText(random)]: [text, { deep: randomText(random) }], n: random() });
      const [reply, expected] =
        round % 2 === 0
          ? [`{"answer":${toLiteral(text, random)}}`, text === "" ? "stop" : `${JSON.stringify(text)} | stop`]
          : [`{"tool_calls":[{"name":"now","arguments":${args}}]}`, `call_1 now(${args}) | tool-calls`];
      for (const pieces of everyCut(reply)) expect([pieces, await outcome(pieces)]).toEqual([pieces, expected]);
    }
  });
});

/** The tools of the recorded requests, by name; which schemas they have makes no difference to a reply. */
const walk: ToolDefinition = { name: "walk", parameters: { type: "object" } };
const recordedTools = [weather, clock, walk];

function recordedRequest(choice: string): ChatRequest {
  return ask({
    tools: recordedTools,
    toolChoice: choice.startsWith("auto") ? "auto" : choice === "required" ? choice : { name: choice },
    responseFormat: choice === "auto with a schema" ? { type: "json", schema: { type: "object" } } : undefined,
  });
}

describe("a reply that a real server wrote under the grammar", () => {
  it.each(recorded)("is the same at every cut: $server, $choice: $text", async ({ choice, reason, text }) => {
    const request = recordedRequest(choice);
    const end = finish(reason === "length" ? "length" : "stop");
    const { content } = await whole(scriptedModel([[text, end]], "none"), layer(), request);
    // Read piece by piece, it says what it says read whole.
    if (reason === "stop") expect(content.map((part) => toValue(part, request))).toEqual(valuesIn(text));
    for (const part of content) if (part.type === "tool-call") expect(text).toContain(part.arguments);
    const expected = await outcome([text, end], request);
    for (const pieces of everyCut(text))
      if ((await outcome([...pieces, end], request)) !== expected) expect.fail(`differs when it comes as ${pieces}`);
  });

  function toValue(part: AssistantContent, { responseFormat }: ChatRequest): unknown {
    if (part.type === "tool-call") return { name: part.name, arguments: JSON.parse(part.arguments) };
    return responseFormat === undefined ? part.text : JSON.parse(part.text);
  }

  /** What a complete reply says, read whole. */
  function valuesIn(text: string): readonly unknown[] {
    const reply: { readonly answer?: unknown; readonly tool_calls?: readonly unknown[] } = JSON.parse(text);
    return reply.tool_calls ?? [reply.answer].filter((answer) => answer !== "");
  }
});

/** Thousands of runs take seconds on a busy machine. */
const CUTTING_MS = 60_000;

describe("the rules of a stream hold", () => {
  const lost = new ProviderError({ code: "upstream_stream_interrupted", message: "Cut." });
  const fixtures = [
    ...REPLIES.map(([text]) => ({ text, choice: "auto" })),
    ...REPLIES.map(([text]) => ({ text, choice: "now" })),
    ...recorded,
  ];

  it.each([
    ["stop", finish("stop")],
    ["length", finish("length")],
    ["a failure", lost],
  ])(
    "for every reply that ends in %s anywhere, above recovered calls as in an engine",
    async (_, end) => {
      for (const { text, choice } of fixtures) {
        for (let at = 0; at <= text.length; at++) {
          const pieces = [...inThree(text.slice(0, at)), { type: "reasoning-delta" as const, text: "Hm" }, end];
          const { model } = scriptedModel([pieces], "none");
          const wrapped = { model: applyMiddleware(model, [recoverToolCalls()]), requests: [], left: () => 0 };
          const { error } = await play(wrapped, layer(), recordedRequest(choice));
          // A layer that breaks the rules is told so by its guard, as `provider_error`.
          const code = error instanceof ProviderError ? error.code : error;
          if (![undefined, lost.code, "upstream_protocol_error"].some((allowed) => allowed === code))
            expect.fail(`${text.slice(0, at)} ends in ${code}`);
        }
      }
    },
    CUTTING_MS,
  );

  function inThree(text: string): readonly string[] {
    const third = Math.ceil(text.length / 3);
    return [text.slice(0, third), text.slice(third, 2 * third), text.slice(2 * third)].filter((piece) => piece !== "");
  }
});

it("goes on after length as after any end", async () => {
  const { batches } = await play(scriptedModel([['{"answer":"cut', finish("length")]], "none"), layer(), ask());
  expect(batches.flat().slice(1)).toEqual([{ type: "text-delta", text: "cut" }, finish("length")]);
});

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function randomText(random: () => number): string {
  const alphabet = ['"', "\\", "{", "}", "[", "]", ":", ",", "\n", "é", "🦙", "a", " ", "/", "\u0001", "u00e9"];
  return Array.from({ length: Math.floor(random() * 12) }, () => alphabet[Math.floor(random() * alphabet.length)]).join(
    "",
  );
}

/** A text as JSON, some of its characters written as escapes. */
function toLiteral(text: string, random: () => number): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const escaped = units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
  if (random() < 0.5) return `"${escaped.join("")}"`;
  const written = [...text].map((char) =>
    random() < 0.3 && char.length === 1 ? escaped[text.indexOf(char)] : JSON.stringify(char).slice(1, -1),
  );
  return `"${written.join("")}"`;
}
