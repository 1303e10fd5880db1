import type { Batch, FinishPart, FinishReason, StreamPart, Usage } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { createTextChunkEncoder, type TextChunkOptions } from "./text-chunks.ts";
import type { TextCompletionChunk } from "./text-completion.ts";

const options: TextChunkOptions = {
  id: "cmpl-1",
  created: 1_790_000_000,
  model: "m",
  includeUsage: false,
  prompts: ["Say "],
  n: 1,
  echo: false,
};
const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
const text = (value: string): StreamPart => ({ type: "text-delta", text: value });
const reasoning = (value: string): StreamPart => ({ type: "reasoning-delta", text: value });
function finish(reason: FinishReason = "stop", usage: Usage = { inputTokens: 3, outputTokens: 4 }): FinishPart {
  return { type: "finish", reason, usage };
}

function encode(batches: readonly Batch[], overrides: Partial<TextChunkOptions> = {}): readonly TextCompletionChunk[] {
  const encoder = createTextChunkEncoder({ ...options, ...overrides });
  return batches.flatMap((batch) => encoder.encode(batch));
}

describe("createTextChunkEncoder", () => {
  it("gives a stream OpenAI's shape: texts, then a finish", () => {
    expect(
      encode([
        [start, text("Hel")],
        [text("lo"), finish()],
      ]),
    ).toStrictEqual(
      [
        { index: 0, text: "Hel", logprobs: null, finish_reason: null },
        { index: 0, text: "lo", logprobs: null, finish_reason: null },
        { index: 0, text: "", logprobs: null, finish_reason: "stop" },
      ].map((choice) => ({
        id: "cmpl-1",
        object: "text_completion",
        created: 1_790_000_000,
        model: "m",
        choices: [choice],
      })),
    );
  });

  it.each<[FinishReason, string]>([
    ["stop", "stop"],
    ["length", "length"],
    ["tool-calls", "stop"],
    ["content-filter", "content_filter"],
    ["other", "stop"],
    ["of-a-later-spec" as FinishReason, "stop"],
  ])("I1: finish reason %s goes out as %s, alone in its chunk", (reason, expected) => {
    expect(encode([[start, text("a"), finish(reason)]]).flatMap((chunk) => chunk.choices)).toMatchObject([
      { text: "a", finish_reason: null },
      { text: "", finish_reason: expected },
    ]);
  });

  it("F2: reasoning has its own field, and no text", () => {
    expect(encode([[start, reasoning("hm"), text("a")]]).flatMap((chunk) => chunk.choices)).toStrictEqual([
      { index: 0, text: "", logprobs: null, finish_reason: null, reasoning_content: "hm" },
      { index: 0, text: "a", logprobs: null, finish_reason: null },
    ]);
  });

  it("P3: an echo comes first and once, with the first thing that is said, be it the end", () => {
    const texts = (batches: readonly Batch[], overrides = {}) =>
      encode(batches, { echo: true, ...overrides }).map((chunk) => chunk.choices[0]?.text);
    expect(texts([[start]])).toEqual([]);
    expect(texts([[start], [text("a")], [text("b"), finish()]])).toEqual(["Say ", "a", "b", ""]);
    expect(texts([[start, reasoning("hm")]])).toEqual(["Say ", ""]);
    expect(texts([[start, finish()]])).toEqual(["Say ", ""]);
    expect(texts([[start, text("a")]], { prompts: [""] })).toEqual(["a"]);
  });

  it("logprobs join the text they follow, in lists, counted from the choice's first character", () => {
    const token = (value: string, logprob: number) => ({ token: value, logprob, top: [{ token: "12", logprob: -3 }] });
    const logprobs = (...tokens: ReturnType<typeof token>[]): StreamPart => ({ type: "logprobs", tokens });
    const choices = encode(
      [[start, text("💧"), logprobs(token("💧", -1)), text("a"), logprobs(token("a", -2), token("__proto__", -4))]],
      { echo: true },
    ).flatMap((chunk) => chunk.choices);
    expect(choices.slice(1)).toStrictEqual([
      {
        index: 0,
        text: "💧",
        logprobs: {
          tokens: ["💧"],
          token_logprobs: [-1],
          top_logprobs: [{ "12": -3, "💧": -1 }],
          text_offset: [4],
        },
        finish_reason: null,
      },
      {
        index: 0,
        text: "a",
        logprobs: {
          tokens: ["a", "__proto__"],
          token_logprobs: [-2, -4],
          top_logprobs: [{ "12": -3, a: -2 }, JSON.parse('{"12":-3,"__proto__":-4}')],
          text_offset: [5, 6],
        },
        finish_reason: null,
      },
    ]);
    expect(encode([[start, { type: "logprobs", tokens: [] }]])).toEqual([]);
    expect(encode([[start], [logprobs(token("a", -1))]])[0]?.choices[0]).toMatchObject({
      text: "",
      logprobs: { text_offset: [0] },
    });
  });

  it("P1, P3: two prompts of two choices are four, each with its echo; usage comes once, summed, at the very end", () => {
    const encoder = createTextChunkEncoder({ ...options, includeUsage: true, prompts: ["a", "b"], n: 2, echo: true });
    const chunks = [3, 0, 2, 1].flatMap((index) => encoder.encode([start, text(`${index}`), finish("length")], index));
    expect(chunks.flatMap((chunk) => chunk.choices.map((choice) => [choice.index, choice.text]))).toEqual(
      [
        [3, "b"],
        [0, "a"],
        [2, "b"],
        [1, "a"],
      ].flatMap(([index, echo]) => [
        [index, echo],
        [index, `${index}`],
        [index, ""],
      ]),
    );
    expect(chunks.map((chunk) => chunk.usage)).toStrictEqual([
      ...new Array(12).fill(null),
      { prompt_tokens: 12, completion_tokens: 16, total_tokens: 28 },
    ]);
    expect(chunks.at(-1)?.choices).toEqual([]);
  });

  it("P1: no usage is told to who did not ask", () => {
    expect(encode([[start, text("a"), finish()]]).some((chunk) => "usage" in chunk)).toBe(false);
  });

  it("F5: what is empty or no text is no event", () => {
    const call: StreamPart[] = [
      { type: "tool-call-start", id: "a", name: "f" },
      { type: "tool-call-delta", id: "a", argumentsDelta: "{}" },
    ];
    const later = { type: "of-a-later-spec" } as unknown as StreamPart;
    const warning: StreamPart = { type: "warning", warning: { setting: "seed", message: "no" } };
    expect(encode([[start, text(""), reasoning(""), ...call, later, warning]], { echo: true })).toEqual([]);
  });
});
