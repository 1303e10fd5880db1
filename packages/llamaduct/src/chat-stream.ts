import { type CommittedStream, ProviderError } from "@llamaduct/core";
import {
  type ChatCompletionChunk,
  type ChunkOptions,
  createChunkEncoder,
  createEventEncoder,
  toErrorEvent,
} from "@llamaduct/openai-dialect";

/** A streamed answer; read it once, one way or the other. */
export interface ChatStream extends AsyncIterable<ChatCompletionChunk> {
  /**
   * The answer as server-sent events, one piece of text for what arrived together. It ends with `[DONE]`, or with one
   * error event when the upstream failed; it throws only an abort's reason.
   */
  toEvents(): AsyncIterable<string>;
}

/** Encodes a stream that has begun to answer. Iterating throws what the stream throws. */
export function createChatStream(stream: CommittedStream, options: ChunkOptions): ChatStream {
  return {
    async *[Symbol.asyncIterator]() {
      const encoder = createChunkEncoder(options);
      for await (const batch of stream) yield* encoder.encode(batch);
    },
    async *toEvents() {
      const encoder = createEventEncoder(options);
      try {
        for await (const batch of stream) {
          const text = encoder.encode(batch);
          if (text !== "") yield text;
        }
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        yield toErrorEvent(error);
        return;
      }
      yield encoder.done;
    },
  };
}
