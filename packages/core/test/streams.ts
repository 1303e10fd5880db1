import type { Batch, Capabilities, ChatModel, FinishPart, Provider, Stream, StreamPart } from "../src/index.ts";
import { EncodedText, SPEC_VERSION } from "../src/index.ts";

export const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
export const finish: FinishPart = { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 2 } };
export const text = (value: string): StreamPart => ({ type: "text-delta", text: value });

/** Encoded text that nobody may iterate: whoever decodes it has made it slow. */
export function unread(...literals: readonly string[]): EncodedText {
  return Object.assign(new EncodedText(literals), {
    [Symbol.iterator](): never {
      throw new Error("It was read.");
    },
  });
}

export async function* play(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

/** Yields the batches, then throws. */
export async function* playThenThrow(batches: readonly Batch[], error: unknown): AsyncGenerator<Batch> {
  yield* batches;
  throw error;
}

/** Yields the batches, then never again, whatever anyone asks: an adapter that ignores its signal. */
export function playThenHang(batches: readonly Batch[], onReturn: () => void = () => {}): Stream {
  return {
    [Symbol.asyncIterator]() {
      const left = [...batches];
      return {
        next() {
          const value = left.shift();
          return value === undefined ? new Promise(() => {}) : Promise.resolve({ done: false, value });
        },
        return() {
          onReturn();
          return new Promise(() => {});
        },
      };
    },
  };
}

export async function parts(stream: Stream): Promise<readonly StreamPart[]> {
  const result: StreamPart[] = [];
  for await (const batch of stream) result.push(...batch);
  return result;
}

export const unknownCapabilities: Capabilities = {
  tools: "unknown",
  jsonSchema: "unknown",
  reasoning: "unknown",
  images: "unknown",
  suffix: "unknown",
  embeddings: "unknown",
};

export function model(stream: ChatModel["stream"]): ChatModel {
  return { provider: "p", modelId: "m", capabilities: () => unknownCapabilities, stream };
}

export function providerOf(stream: ChatModel["stream"], settings: Provider["settings"] = []): Provider {
  return { specVersion: SPEC_VERSION, id: "p", settings, chatModel: () => model(stream) };
}
