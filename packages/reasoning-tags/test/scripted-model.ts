import type { Batch, Capabilities, ChatRequest, FinishPart, StreamModel, StreamPart, Support } from "@llamaduct/core";

export const hello: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
export const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
export const finish: FinishPart = { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 2 } };
export const text = (value: string): StreamPart => ({ type: "text-delta", text: value });
export const reasoning = (value: string): StreamPart => ({ type: "reasoning-delta", text: value });

/** A model that plays the batches to whoever asks, then throws if there is something to throw. */
export function scriptedModel<Request = ChatRequest>(
  batches: readonly Batch[],
  reasoning: Support = "unknown",
  error?: unknown,
): StreamModel<Request> {
  return {
    provider: "p",
    modelId: "m",
    capabilities: () => ({ ...unknown, reasoning }),
    async *stream() {
      yield* batches;
      if (error !== undefined) throw error;
    },
  };
}

const unknown: Capabilities = {
  tools: "unknown",
  jsonSchema: "unknown",
  reasoning: "unknown",
  images: "unknown",
  suffix: "unknown",
  embeddings: "unknown",
};
