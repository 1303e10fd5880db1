import type { Batch, Capabilities, StreamModel } from "@llamaduct/core";
import type { Target } from "./deployment.ts";

/** Answers every request with one text, and asks nobody. Chats and text completions are alike to it. */
export function mockModel<Request>({ providerId, modelId }: Target, text: string): StreamModel<Request> {
  return {
    provider: providerId,
    modelId,
    capabilities: () => CAPABILITIES,
    async *stream(): AsyncGenerator<Batch> {
      yield [
        { type: "start", modelId, warnings: [] },
        ...(text === "" ? [] : [{ type: "text-delta", text } as const]),
        { type: "finish", reason: "stop", usage: { inputTokens: undefined, outputTokens: undefined } },
      ];
    },
  };
}

/** Nothing that was asked for is to be worked around. */
const CAPABILITIES: Capabilities = {
  tools: "native",
  jsonSchema: "native",
  reasoning: "native",
  images: "native",
  suffix: "native",
  embeddings: "native",
};
