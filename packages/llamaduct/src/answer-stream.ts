import { type Batch, type CommittedStream, ProviderError } from "@llamaduct/core";
import { several } from "./begin-all.ts";
import { type Dialect, dialect } from "./dialect.ts";

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
    toEvents: () => ({ [Symbol.asyncIterator]: () => readEvents(streams, encoders) }),
  };
}

type Piece = IteratorResult<Uint8Array, undefined>;

/** No generator, as `mapped`. */
function readEvents<Chunk>(
  streams: readonly CommittedStream[],
  encoders: AnswerEncoders<Chunk>,
): AsyncIterator<Uint8Array, undefined> {
  let pieces: AsyncIterator<Uint8Array> | undefined;
  let [done, toErrorEvent]: [Uint8Array?, Dialect["toErrorEvent"]?] = [];
  let isOver = false;

  async function begin(): Promise<Piece> {
    const loaded = await dialect();
    const encoder = encoders.events(loaded);
    [done, toErrorEvent] = [encoder.done, loaded.toErrorEvent];
    pieces = encoded(streams, encoder)[Symbol.asyncIterator]();
    return next();
  }
  function next(): Promise<Piece> {
    if (isOver) return Promise.resolve({ done: true, value: undefined });
    return pieces === undefined ? begin() : pieces.next().then(tell, fail);
  }
  function tell(result: IteratorResult<Uint8Array>): Piece | Promise<Piece> {
    if (result.done === true) return end(done);
    return result.value.length > 0 ? result : next();
  }
  function fail(error: unknown): Piece {
    if (!(error instanceof ProviderError) || toErrorEvent === undefined) throw error;
    return end(new TextEncoder().encode(toErrorEvent(error)));
  }
  function end(last: Uint8Array | undefined): Piece {
    isOver = true;
    return last === undefined ? { done: true, value: undefined } : { done: false, value: last };
  }
  return {
    next,
    async return() {
      isOver = true;
      await pieces?.return?.();
      return { done: true, value: undefined };
    },
  };
}

interface Encoder<Encoded> {
  encode(batch: Batch, index?: number): Encoded;
}

/** One stream, which is nearly every answer, is read without the machinery for several. */
function encoded<Encoded>(streams: readonly CommittedStream[], encoder: Encoder<Encoded>): AsyncIterable<Encoded> {
  const [only, ...others] = streams;
  if (only !== undefined && others.length === 0) return mapped(only, (batch) => encode(encoder, batch));
  return encodedInTurn(streams, encoder);
}

async function* encodedInTurn<Encoded>(
  streams: readonly CommittedStream[],
  encoder: Encoder<Encoded>,
): AsyncGenerator<Encoded> {
  const { merge } = await several();
  for await (const { index, batch } of merge(streams)) yield encode(encoder, batch, index);
}

/** No generator: it would cost every batch three turns of the queue. */
function mapped<From, To>(source: AsyncIterable<From>, to: (value: From) => To): AsyncIterable<To> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      const leave = async (): Promise<IteratorResult<To, undefined>> => {
        await iterator.return?.();
        return { done: true, value: undefined };
      };
      const convert = (result: IteratorResult<From>): IteratorResult<To, undefined> => {
        if (result.done === true) return { done: true, value: undefined };
        try {
          return { done: false, value: to(result.value) };
        } catch (error) {
          // A loop leaves what throws in its body, not what throws in `next`.
          void leave();
          throw error;
        }
      };
      return { next: () => iterator.next().then(convert), return: leave };
    },
  };
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
