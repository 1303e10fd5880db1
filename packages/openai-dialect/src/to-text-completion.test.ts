import { type Completion, collect, type FinishReason, type TokenLogprobs } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { randomParts } from "../test/random-stream.ts";
import { replay } from "../test/replay.ts";
import { seededRandom } from "../test/seeded-random.ts";
import { serve } from "../test/serve.ts";
import { decodeCompletionRequest } from "./decode-completion-request.ts";
import { createTextChunkEncoder } from "./text-chunks.ts";
import { createTextEventEncoder } from "./text-events.ts";
import { type TextCompletionOptions, toTextCompletion } from "./to-text-completion.ts";

const identity = { id: "cmpl-1", created: 1_790_000_000, model: "m" };
const options: TextCompletionOptions = { ...identity, prompts: ["p"], n: 1, bestOf: 1, echo: false, logprobs: true };

function completion(text: string, logprobs?: readonly number[], reason: FinishReason = "stop"): Completion {
  return {
    start: { type: "start", modelId: "m", warnings: [] },
    content: [
      { type: "reasoning", text: "hm" },
      { type: "text", text },
    ],
    logprobs: logprobs?.map((logprob): TokenLogprobs => ({ token: "t", logprob, top: [] })),
    warnings: [],
    finish: { type: "finish", reason, usage: { inputTokens: 3, outputTokens: 4 } },
  };
}
const textsOf = (completions: readonly Completion[], overrides: Partial<TextCompletionOptions>) =>
  toTextCompletion(completions, { ...options, ...overrides }).choices.map(({ index, text }) => [index, text]);

describe("toTextCompletion", () => {
  it("gives the whole answer OpenAI's shape", () => {
    expect(toTextCompletion([completion("Yes.", [-1, -2], "length")], options)).toStrictEqual({
      ...identity,
      object: "text_completion",
      choices: [
        {
          index: 0,
          text: "Yes.",
          reasoning_content: "hm",
          logprobs: {
            tokens: ["t", "t"],
            token_logprobs: [-1, -2],
            top_logprobs: [{ t: -1 }, { t: -2 }],
            text_offset: [0, 1],
          },
          finish_reason: "length",
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    });
  });

  it("P3: choices are numbered through the prompts, each with its echo", () => {
    const completions = ["1", "2", "3", "4"].map((text) => completion(text));
    expect(textsOf(completions, { prompts: ["a", "b"], n: 2, bestOf: 2, echo: true })).toEqual([
      [0, "a1"],
      [1, "a2"],
      [2, "b3"],
      [3, "b4"],
    ]);
    const echoed = toTextCompletion([completion("x", [-1])], { ...options, prompts: ["💧 "], echo: true });
    expect(echoed.choices[0]?.logprobs?.text_offset).toEqual([2]);
  });

  it("P3: best_of keeps each prompt's likeliest per token, best first, and counts what all of them cost", () => {
    const first = [completion("bad", [-1, -3]), completion("best", [-1, -1, -1]), completion("good", [-1.5])];
    const second = [completion("unknown"), completion("known", [-9]), completion("empty", [])];
    const asked = { prompts: ["a", "b"], n: 2, bestOf: 3, logprobs: false };
    expect(textsOf([...first, ...second], asked)).toEqual([
      [0, "best"],
      [1, "good"],
      [2, "known"],
      [3, "unknown"],
    ]);
    const answer = toTextCompletion([...first, ...second], { ...options, ...asked });
    expect(answer.usage).toEqual({ prompt_tokens: 18, completion_tokens: 24, total_tokens: 42 });
    expect(answer.choices.map(({ logprobs }) => logprobs)).toEqual([null, null, null, null]);
  });

  it("says whole what the same answer says streamed", async () => {
    const pick = seededRandom(4);
    for (let round = 0; round < 1000; round += 1) {
      const parts = randomParts(pick);
      const asked = { ...options, echo: round % 2 === 0, includeUsage: true };
      const { choices, usage } = toTextCompletion([await collect(replay([parts]))], asked);
      const chunks = createTextChunkEncoder(asked).encode(parts);
      const pieces = chunks.flatMap((chunk) => chunk.choices);
      const logprobs = pieces.flatMap((piece) => piece.logprobs ?? []);
      expect(pieces.map((piece) => piece.text).join("")).toBe(choices[0]?.text);
      expect(pieces.map((piece) => piece.reasoning_content ?? "").join("")).toBe(choices[0]?.reasoning_content ?? "");
      expect(logprobs.flatMap((entry) => entry.text_offset)).toEqual(choices[0]?.logprobs?.text_offset ?? []);
      expect(logprobs.flatMap((entry) => entry.top_logprobs)).toEqual(choices[0]?.logprobs?.top_logprobs ?? []);
      expect(pieces.at(-1)?.finish_reason).toBe(choices[0]?.finish_reason);
      expect(chunks.at(-1)?.usage).toEqual(usage);
    }
  });

  it("P1, P3: OpenAI's own client reads both forms", async () => {
    await using at = await serve((body) => {
      const decoded = decodeCompletionRequest(body);
      if (!decoded.stream) return toTextCompletion([completion("1"), completion("2")], { ...decoded, ...identity });
      const encoder = createTextEventEncoder({ ...decoded, ...identity });
      const finish = completion("").finish;
      const events = [0, 1].map((index) =>
        encoder.encode([{ type: "text-delta", text: `${index + 1}` }, finish], index),
      );
      return Buffer.concat([...events, encoder.done]).toString();
    });
    const request = { model: "m", prompt: ["a", "b"], echo: true };
    const whole = await at.client.completions.create(request);
    const stream = await at.client.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts = ["", ""];
    let usage: unknown;
    for await (const chunk of stream) {
      for (const { index, text } of chunk.choices) texts[index] += text;
      usage = chunk.usage;
    }
    expect(texts).toEqual(["a1", "b2"]);
    expect(texts).toEqual(whole.choices.map(({ text }) => text));
    expect(usage).toEqual(whole.usage);
  });
});
