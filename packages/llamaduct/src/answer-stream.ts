import { type Batch, type CommittedStream, ProviderError } from "@llamaduct/core";
import { toErrorEvent } from "@llamaduct/openai-dialect";
import { merge } from "./begin-all.ts";

/** A streamed answer in OpenAI's chunks; read it once, one way or the other. */
export interface AnswerStream<Chunk> extends AsyncIterable<Chunk> {
  /**
   * The answer as server-sent events in UTF-8, one piece for what arrived together. It ends with `[DONE]`, or with one
   * error event when the upstream failed; it throws only an abort's reason.
   */
  toEvents(): AsyncIterable<Uint8Array>;
}

/** How a dialect writes the choices of one answer. */
export interface AnswerEncoders<Chunk> {
  readonly chunks: () => { encode(batch: Batch, index?: number): readonly Chunk[] };
  readonly events: () => { encode(batch: Batch, index?: number): Uint8Array; readonly done: Uint8Array };
}

/** Encodes streams that have begun to answer, a choice each. Iterating throws what they throw. */
export function createAnswerStream<Chunk>(
  streams: readonly CommittedStream[],
  encoders: AnswerEncoders<Chunk>,
): AnswerStream<Chunk> {
  return {
    async *[Symbol.asyncIterator]() {
      const encoder = encoders.chunks();
      for await (const chunks of encoded(streams, encoder)) yield* chunks;
    },
    async *toEvents() {
      const encoder = encoders.events();
      try {
        for await (const bytes of encoded(streams, encoder)) if (bytes.length > 0) yield bytes;
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        yield new TextEncoder().encode(toErrorEvent(error));
        return;
      }
      yield encoder.done;
    },
  };
}

interface Encoder<Encoded> {
  encode(batch: Batch, index?: number): Encoded;
}

/** One stream, which is nearly every answer, is read without the machinery for several. */
async function* encoded<Encoded>(
  streams: readonly CommittedStream[],
  encoder: Encoder<Encoded>,
): AsyncGenerator<Encoded> {
  const [only, ...others] = streams;
  if (only !== undefined && others.length === 0) for await (const batch of only) yield encode(encoder, batch);
  else for await (const { index, batch } of merge(streams)) yield encode(encoder, batch, index);
}

/** What JSON cannot carry, such as a BigInt, is the adapter's fault, and no reason to cut the connection. */
function encode<Encoded>(encoder: Encoder<Encoded>, batch: Batch, index?: number): Encoded {
  try {
    return encoder.encode(batch, index);
  } catch (cause) {
    const message = "The adapter sent a part that cannot be written as JSON.";
    throw new ProviderError({ code: "provider_error", message, cause });
  }
}
