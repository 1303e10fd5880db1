import type { Batch, FinishPart, FinishReason, StreamPart, Usage } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { type ChunkOptions, createChunkEncoder } from "./chat-chunks.ts";
import type { ChatCompletionChunk, ChatCompletionDelta } from "./chat-completion.ts";

const options: ChunkOptions = { id: "chatcmpl-1", created: 1_790_000_000, model: "m", includeUsage: false };
const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
const text = (value: string): StreamPart => ({ type: "text-delta", text: value });
const reasoning = (value: string): StreamPart => ({ type: "reasoning-delta", text: value });
const call = (id: string, name: string): StreamPart => ({ type: "tool-call-start", id, name });
const args = (id: string, argumentsDelta: string): StreamPart => ({ type: "tool-call-delta", id, argumentsDelta });
function finish(reason: FinishReason = "stop", usage: Usage = { inputTokens: 3, outputTokens: 4 }): FinishPart {
  return { type: "finish", reason, usage };
}

function encode(batches: readonly Batch[], overrides: Partial<ChunkOptions> = {}): readonly ChatCompletionChunk[] {
  const encoder = createChunkEncoder({ ...options, ...overrides });
  return batches.flatMap((batch) => encoder.encode(batch));
}
function deltas(batches: readonly Batch[]): readonly (ChatCompletionDelta | undefined)[] {
  return encode(batches).map((chunk) => chunk.choices[0]?.delta);
}

describe("createChunkEncoder", () => {
  it("gives a stream OpenAI's shape: role, deltas, finish", () => {
    expect(
      encode([
        [start, text("Hel")],
        [text("lo"), finish()],
      ]),
    ).toStrictEqual(
      [
        { index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null },
        { index: 0, delta: { content: "Hel" }, logprobs: null, finish_reason: null },
        { index: 0, delta: { content: "lo" }, logprobs: null, finish_reason: null },
        { index: 0, delta: {}, logprobs: null, finish_reason: "stop" },
      ].map((choice) => ({
        id: "chatcmpl-1",
        object: "chat.completion.chunk",
        created: 1_790_000_000,
        model: "m",
        choices: [choice],
      })),
    );
  });

  it("says nothing before there is something to say", () => {
    const warning: StreamPart = { type: "warning", warning: { setting: "seed", message: "no" } };
    const later = { type: "of-a-later-spec" } as unknown as StreamPart;
    const encoder = createChunkEncoder(options);
    expect(encoder.encode([start])).toEqual([]);
    expect(encoder.encode([warning, later])).toEqual([]);
    expect(encoder.encode([text("a")])).toHaveLength(2);
  });

  it("opens an answer that holds nothing with a role", () => {
    expect(deltas([[start, finish()]])).toEqual([{ role: "assistant", content: "" }, {}]);
  });

  it.each<[FinishReason, string]>([
    ["stop", "stop"],
    ["length", "length"],
    ["tool-calls", "tool_calls"],
    ["content-filter", "content_filter"],
    ["other", "stop"],
    ["of-a-later-spec" as FinishReason, "stop"],
  ])("I1: finish reason %s goes out as %s, alone in its chunk", (reason, expected) => {
    expect(encode([[start, text("a"), finish(reason)]]).map((chunk) => chunk.choices[0])).toMatchObject([
      { finish_reason: null },
      { finish_reason: null },
      { delta: {}, finish_reason: expected },
    ]);
  });

  it("A1: a call that ends in tool-calls ends in tool_calls, and one cut short in length", () => {
    for (const [reason, expected] of [
      ["tool-calls", "tool_calls"],
      ["length", "length"],
    ] as const) {
      const chunks = encode([[start, call("a", "f"), args("a", "{}")], [finish(reason)]]);
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(expected);
    }
  });

  it("A2: calls are numbered through the whole stream, one index each", () => {
    const batches = [
      [start, call("a", "f"), args("a", '{"x":1}')],
      [call("b", "f"), args("b", '{"x":2}')],
      [call("c", "g"), args("c", "{}"), call("d", "g"), args("d", "[")],
      [args("d", "]"), args("a", " ")],
    ];
    const calls = deltas(batches).flatMap((delta) => delta?.tool_calls ?? []);
    expect(calls).toStrictEqual([
      { index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } },
      { index: 1, id: "b", type: "function", function: { name: "f", arguments: '{"x":2}' } },
      { index: 2, id: "c", type: "function", function: { name: "g", arguments: "{}" } },
      { index: 3, id: "d", type: "function", function: { name: "g", arguments: "[" } },
      { index: 3, function: { arguments: "]" } },
      { index: 0, function: { arguments: " " } },
    ]);
  });

  it("A4: the first delta of a call has id, type, index and name, arguments or not", () => {
    const first = { index: 0, id: "call_1", type: "function" };
    expect(deltas([[start, call("call_1", "now"), args("call_1", "{}")]])[1]?.tool_calls).toEqual([
      { ...first, function: { name: "now", arguments: "{}" } },
    ]);
    expect(deltas([[start, call("call_1", "now")], [args("call_1", "{}")]]).slice(1)).toEqual([
      { tool_calls: [{ ...first, function: { name: "now", arguments: "" } }] },
      { tool_calls: [{ index: 0, function: { arguments: "{}" } }] },
    ]);
  });

  it("A5: every chunk has the stream's id, created and model", () => {
    const chunks = encode([[start, reasoning("r"), text("a"), call("c", "f"), args("c", "{}")], [finish()]], {
      includeUsage: true,
    });
    expect(chunks).toHaveLength(6);
    for (const { id, created, model } of chunks) {
      expect({ id, created, model }).toEqual({ id: "chatcmpl-1", created: 1_790_000_000, model: "m" });
    }
  });

  it("A10: a call is not preceded by empty text, and only the role chunk may hold it", () => {
    expect(deltas([[start, call("a", "f"), args("a", "{}")], [finish("tool-calls")]])[0]).toStrictEqual({
      role: "assistant",
      content: null,
    });
    const all = deltas([[start, text(""), reasoning("r"), reasoning(""), text("a"), text(""), finish()]]);
    expect(all.map((delta) => delta?.content)).toEqual(["", undefined, "a", undefined]);
  });

  it("F1: fifty reasoning deltas are fifty chunks", () => {
    const pieces = Array.from({ length: 50 }, (_, index) => `${index} `);
    const out = deltas([[start], ...pieces.map((piece) => [reasoning(piece)]), [text("a"), finish()]]);
    expect(out.flatMap((delta) => delta?.reasoning_content ?? [])).toEqual(pieces);
  });

  it("F7: reasoning has both names, in a chunk of its own", () => {
    expect(deltas([[start, reasoning("hm")], [text("a")]]).slice(1)).toStrictEqual([
      { reasoning_content: "hm", reasoning: "hm" },
      { content: "a" },
    ]);
  });

  it("merges reasoning into the text when asked: opened once, closed with what follows", () => {
    const merged = (batches: readonly Batch[]) =>
      encode(batches, { mergeReasoning: true }).map(({ choices: [choice] }) => choice?.delta);
    const role = { role: "assistant", content: "" };
    expect(
      merged([
        [start, reasoning("h")],
        [reasoning("m"), text("a")],
        [text("b"), finish()],
      ]),
    ).toStrictEqual([role, { content: "<think>h" }, { content: "m" }, { content: "</think>a" }, { content: "b" }, {}]);
    expect(merged([[start, reasoning("h"), finish("length")]])).toStrictEqual([
      role,
      { content: "<think>h" },
      { content: "</think>" },
      {},
    ]);
    expect(merged([[start, reasoning(""), text("a")]])).toStrictEqual([role, { content: "a" }]);
    const calls = [call("a", "f"), args("a", "{}")];
    expect(
      merged([[start, reasoning("h")], calls, [reasoning("m"), reasoning("")], [text(""), text("b")]]),
    ).toMatchObject([
      role,
      { content: "<think>h" },
      { content: "</think>" },
      { tool_calls: [{ id: "a" }] },
      { content: "<think>m" },
      { content: "</think>b" },
    ]);
    expect(merged([[start, text("a"), ...calls, finish()]])).toStrictEqual(
      deltas([[start, text("a"), ...calls, finish()]]),
    );
  });

  it("I10: several choices each have their index, role, calls and finish; usage comes once, summed, at the very end", () => {
    const encoder = createChunkEncoder({ ...options, includeUsage: true, n: 3 });
    const chunks = [
      ...encoder.encode([start, text("b")], 1),
      ...encoder.encode([start], 0),
      ...encoder.encode([call("x", "f"), args("x", "{}")], 0),
      ...encoder.encode([call("x", "f"), args("x", "[]"), finish("length", { inputTokens: 3, outputTokens: 1 })], 1),
      ...encoder.encode([start, finish("stop", { inputTokens: 3, outputTokens: undefined, cachedInputTokens: 2 })], 2),
      ...encoder.encode([text("a"), finish("tool-calls", { inputTokens: 3, outputTokens: 2 })], 0),
    ];
    const role = { role: "assistant" };
    expect(chunks.flatMap(({ choices }) => choices)).toMatchObject([
      { index: 1, delta: role },
      { index: 1, delta: { content: "b" } },
      { index: 0, delta: role },
      { index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: "{}" } }] } },
      { index: 1, delta: { tool_calls: [{ index: 0, function: { arguments: "[]" } }] } },
      { index: 1, delta: {}, finish_reason: "length" },
      { index: 2, delta: role },
      { index: 2, delta: {}, finish_reason: "stop" },
      { index: 0, delta: { content: "a" } },
      { index: 0, delta: {}, finish_reason: "tool_calls" },
    ]);
    expect(chunks.map(({ usage }) => usage)).toStrictEqual([
      ...new Array(10).fill(null),
      {
        prompt_tokens: 9,
        completion_tokens: 3,
        total_tokens: 12,
        prompt_tokens_details: { cached_tokens: 2 },
      },
    ]);
  });

  it("A11: tokens of one batch stay one chunk each", () => {
    expect(deltas([[start, text("a"), text("b"), text("c")]]).map((delta) => delta?.content)).toEqual([
      "",
      "a",
      "b",
      "c",
    ]);
  });

  it("P1: usage comes once, last, without choices, when asked for; elsewhere it is null", () => {
    const batches = [[start, text("a")], [finish()]];
    const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
    const asked = encode(batches, { includeUsage: true });
    expect(asked.map((chunk) => chunk.usage)).toStrictEqual([null, null, null, usage]);
    expect(asked.map((chunk) => chunk.choices.length)).toEqual([1, 1, 1, 0]);
    const silent = encode(batches);
    expect(silent).toHaveLength(3);
    expect(silent.some((chunk) => "usage" in chunk)).toBe(false);
  });

  it("P1: details are there when known, and a missing count is 0", () => {
    const usage = { inputTokens: undefined, outputTokens: 9, cachedInputTokens: 0, reasoningTokens: 5 };
    expect(encode([[start, finish("stop", usage)]], { includeUsage: true }).at(-1)?.usage).toStrictEqual({
      prompt_tokens: 0,
      completion_tokens: 9,
      total_tokens: 9,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 5 },
    });
  });

  it("logprobs join the text they follow in the batch, and stand alone otherwise", () => {
    const token = { token: "a", logprob: -0.5, bytes: [97], top: [{ token: "b", logprob: -1 }] };
    const logprobs: StreamPart = { type: "logprobs", tokens: [token] };
    const expected = {
      content: [{ token: "a", logprob: -0.5, bytes: [97], top_logprobs: [{ token: "b", logprob: -1, bytes: null }] }],
      refusal: null,
    };
    const choices = encode([[start, text("z"), text("a"), logprobs, logprobs], [logprobs]]).map(
      (chunk) => chunk.choices[0],
    );
    expect(choices.slice(1)).toStrictEqual([
      { index: 0, delta: { content: "z" }, logprobs: null, finish_reason: null },
      { index: 0, delta: { content: "a" }, logprobs: expected, finish_reason: null },
      { index: 0, delta: {}, logprobs: expected, finish_reason: null },
      { index: 0, delta: {}, logprobs: expected, finish_reason: null },
    ]);
  });

  it("F5: what is empty or belongs to nothing is no event", () => {
    expect(encode([[start, text(""), { type: "logprobs", tokens: [] }, args("ghost", "{}")]])).toEqual([]);
  });
});
