import { type Batch, type Completion, collect, type Stream, type StreamPart } from "@llamaduct/core";
import { ChatCompletionStream } from "openai/lib/ChatCompletionStream";
import { describe, expect, it } from "vitest";
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

function replay(batches: readonly Batch[]): Stream {
  return {
    async *[Symbol.asyncIterator]() {
      yield* batches;
    },
  };
}

async function readWithSdk(batches: readonly Batch[]) {
  const encoder = createEventEncoder({ ...identity, includeUsage: true });
  const lines = batches.map((batch) => encoder.encode(batch).replaceAll("data: ", "").replaceAll("\n\n", "\n"));
  return ChatCompletionStream.fromReadableStream(new Blob(lines).stream()).finalChatCompletion();
}
