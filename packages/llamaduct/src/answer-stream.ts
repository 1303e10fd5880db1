import { type Batch, type CommittedStream, ProviderError } from "@llamaduct/core";
import { several } from "./begin-all.ts";
import { once } from "./once.ts";

/** A streamed answer in OpenAI's chunks; read it once, one way or the other. */
export interface AnswerStream<Chunk> extends AsyncIterable<Chunk> {
  /**
   * The answer as server-sent events in UTF-8, one piece for what arrived together. It ends with `[DONE]`, or with one
   * error event when the upstream failed; it throws only an abort's reason.
   */
  toEvents(): AsyncIterable<Uint8Array>;
}

type Dialect = typeof import("@llamaduct/openai-dialect");

/** Events are loaded by the first who reads them: who reads chunks has no need of them. */
export const dialect: () => Promise<Dialect> = once(() => import("@llamaduct/openai-dialect"));

/** How a dialect writes the choices of one answer. */
export interface AnswerEncoders<Chunk> {
  readonly chunks: () => { encode(batch: Batch, index?: number): readonly Chunk[] };
  readonly events: (dialect: Dialect) => {
    encode(batch: Batch, index?: number): Uint8Array;
    readonly done: Uint8Array;
  };
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
      const loaded = await dialect();
      const encoder = encoders.events(loaded);
      try {
        for await (const bytes of encoded(streams, encoder)) if (bytes.length > 0) yield bytes;
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        yield new TextEncoder().encode(loaded.toErrorEvent(error));
        return;
      }
      yield encoder.done;
    },
  };
}

/** One stream, which is nearly every answer, is read without the machinery for several. */
function encoded<Encoded>(
  streams: readonly CommittedStream[],
  encoder: { encode(batch: Batch, index?: number): Encoded },
): AsyncIterable<Encoded> {
  const [only, ...others] = streams;
  if (only !== undefined && others.length === 0) return mapped(only, (batch) => encoder.encode(batch));
  return encodedInTurn(streams, encoder);
}

async function* encodedInTurn<Encoded>(
  streams: readonly CommittedStream[],
  encoder: { encode(batch: Batch, index?: number): Encoded },
): AsyncGenerator<Encoded> {
  const { merge } = await several();
  for await (const { index, batch } of merge(streams)) yield encoder.encode(batch, index);
}

/** No generator: it would cost every batch three turns of the queue. */
function mapped<From, To>(source: AsyncIterable<From>, to: (value: From) => To): AsyncIterable<To> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      const convert = (result: IteratorResult<From>): IteratorResult<To, undefined> =>
        result.done === true ? { done: true, value: undefined } : { done: false, value: to(result.value) };
      return {
        next: () => iterator.next().then(convert),
        async return() {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
