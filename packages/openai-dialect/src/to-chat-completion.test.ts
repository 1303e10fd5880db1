import { type Batch, type Completion, collect, type StreamPart } from "@llamaduct/core";
import { ChatCompletionStream } from "openai/lib/ChatCompletionStream";
import { describe, expect, it } from "vitest";
import { randomParts } from "../test/random-stream.ts";
import { replay } from "../test/replay.ts";
import { seededRandom } from "../test/seeded-random.ts";
import { createChunkEncoder } from "./chat-chunks.ts";
import { createEventEncoder } from "./chat-events.ts";
import { toChatCompletion } from "./to-chat-completion.ts";

const identity = { id: "chatcmpl-1", created: 1_790_000_000, model: "m" };
const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
const finish: StreamPart = { type: "finish", reason: "stop", usage: { inputTokens: 3, outputTokens: 4 } };

function completion(content: Completion["content"], logprobs?: Completion["logprobs"]): Completion {
  const usage = { inputTokens: 3, outputTokens: undefined, cachedInputTokens: 2 };
  return {
    start: { type: "start", modelId: "m", warnings: [] },
    content,
    logprobs,
    warnings: [],
    finish: { type: "finish", reason: "tool-calls", usage },
  };
}

describe("toChatCompletion", () => {
  it("gives the whole answer OpenAI's shape", () => {
    const token = { token: "a", logprob: -1, bytes: [97], top: [] };
    const content = [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "Let me " },
      { type: "tool-call", id: "call_1", name: "f", arguments: '{"x":1}' },
      { type: "text", text: "see." },
    ] as const;
    expect(toChatCompletion(completion(content, [token]), identity)).toStrictEqual({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_790_000_000,
      model: "m",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "Let me see.",
            refusal: null,
            reasoning_content: "hm",
            reasoning: "hm",
            tool_calls: [{ id: "call_1", type: "function", function: { name: "f", arguments: '{"x":1}' } }],
          },
          logprobs: { content: [{ token: "a", logprob: -1, bytes: [97], top_logprobs: [] }], refusal: null },
          finish_reason: "tool_calls",
        },
      ],
      usage: {
        prompt_tokens: 3,
        completion_tokens: 0,
        total_tokens: 3,
        prompt_tokens_details: { cached_tokens: 2 },
      },
    });
  });

  it("A10: content is null when there are only calls, and empty when there is nothing", () => {
    const message = (content: Completion["content"]) =>
      toChatCompletion(completion(content), identity).choices[0]?.message;
    expect(message([{ type: "tool-call", id: "a", name: "f", arguments: "{}" }])?.content).toBeNull();
    expect(message([])).toStrictEqual({ role: "assistant", content: "", refusal: null });
    expect(message([{ type: "reasoning", text: "hm" }])?.content).toBe("");
  });

  it("I10: gives every completion a choice, and their usage together", () => {
    const [first, second] = [completion([{ type: "text", text: "a" }]), completion([{ type: "text", text: "b" }])];
    const { choices, usage } = toChatCompletion([first, second], identity);
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, "a"],
      [1, "b"],
    ]);
    expect(usage).toStrictEqual({
      prompt_tokens: 6,
      completion_tokens: 0,
      total_tokens: 6,
      prompt_tokens_details: { cached_tokens: 4 },
    });
  });

  it("merges reasoning into the text when asked, and names it nowhere else", () => {
    const content = [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "Yes." },
      { type: "reasoning", text: "oh" },
      { type: "tool-call", id: "a", name: "f", arguments: "{}" },
    ] as const;
    const [choice] = toChatCompletion(completion(content), { ...identity, mergeReasoning: true }).choices;
    expect(choice?.message).toStrictEqual({
      role: "assistant",
      content: "<think>hm</think>Yes.<think>oh</think>",
      refusal: null,
      tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
    });
  });

  it("A7: says whole what the same answer says streamed, reasoning merged or not", async () => {
    const pick = seededRandom(2);
    for (let round = 0; round < 1000; round += 1) {
      const parts = randomParts(pick);
      const options = { ...identity, mergeReasoning: round % 2 === 0 };
      const [whole] = toChatCompletion(await collect(replay([parts])), options).choices;
      const chunks = createChunkEncoder({ ...options, includeUsage: false }).encode(parts);
      const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
      const joined = (field: "content" | "reasoning" | "reasoning_content") =>
        deltas.map((delta) => delta[field] ?? "").join("");
      expect(joined("content")).toBe(whole?.message.content ?? "");
      expect(joined("reasoning")).toBe(whole?.message.reasoning ?? "");
      expect(joined("reasoning_content")).toBe(whole?.message.reasoning_content ?? "");
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(whole?.finish_reason);
    }
  });

  it("is what OpenAI's own SDK makes of the same answer streamed", async () => {
    const text = (value: string): StreamPart => ({ type: "text-delta", text: value });
    const twoCalls = ["a", "b"].flatMap((id): StreamPart[] => [
      { type: "tool-call-start", id, name: "f" },
      { type: "tool-call-delta", id, argumentsDelta: '{"x":' },
      { type: "tool-call-delta", id, argumentsDelta: "1}" },
    ]);
    const logprobs: StreamPart = { type: "logprobs", tokens: [{ token: "a", logprob: -1, bytes: [97], top: [] }] };
    for (const parts of [
      [start, text("Hel"), logprobs, text("lo"), logprobs, finish],
      [start, ...twoCalls, finish],
      [start, text("I "), text("look."), ...twoCalls, finish],
      [start, finish],
    ]) {
      for (const batches of [[parts], parts.map((part) => [part])]) {
        const streamed = await readWithSdk(batches);
        const whole = toChatCompletion(await collect(replay(batches)), identity);
        const calls = whole.choices[0]?.message.tool_calls ?? [];
        expect(streamed.choices[0]?.message.tool_calls ?? []).toMatchObject(calls);
        expect(streamed.choices[0]?.message.tool_calls ?? []).toHaveLength(calls.length);
        expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
        expect(streamed.choices[0]?.logprobs).toEqual(whole.choices[0]?.logprobs);
        expect(streamed.usage).toEqual(whole.usage);
        expect(streamed).toMatchObject(identity);
      }
    }
  });
});

async function readWithSdk(batches: readonly Batch[]) {
  const encoder = createEventEncoder({ ...identity, includeUsage: true });
  const lines = batches.map((batch) =>
    Buffer.from(encoder.encode(batch)).toString().replaceAll("data: ", "").replaceAll("\n\n", "\n"),
  );
  return ChatCompletionStream.fromReadableStream(new Blob(lines).stream()).finalChatCompletion();
}
