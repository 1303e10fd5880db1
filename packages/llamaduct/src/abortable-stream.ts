import type { AnswerStream } from "./answer-stream.ts";
import { asAPIError } from "./api-error.ts";
import type { LlamaductCall } from "./llamaduct-call.ts";

/** A streamed answer whose reader can end it, at the model, too: by leaving it, by `controller`, or by cancelling. */
export interface AbortableStream<Chunk> extends AnswerStream<Chunk> {
  /** Ends the answer at once; who reads it gets the reason. */
  readonly controller: AbortController;
  /** The chunks as JSON in UTF-8, a line each, as OpenAI's SDK writes and reads them (`Stream.fromReadableStream`). */
  toReadableStream(): ReadableStream<Uint8Array>;
}

/** Begins a stream under a controller of its own, beside the caller's signal. */
export async function abortable<Chunk>(
  call: LlamaductCall,
  begin: (call: LlamaductCall) => Promise<AnswerStream<Chunk>>,
): Promise<AbortableStream<Chunk>> {
  const controller = new AbortController();
  const signals = [controller.signal, ...(call.signal === undefined ? [] : [call.signal])];
  const stream = await begin({ ...call, signal: AbortSignal.any(signals) });
  const chunks = () => named(stream);
  return {
    controller,
    [Symbol.asyncIterator]: chunks,
    toEvents: () => stream.toEvents(),
    toReadableStream: () => toReadableStream(chunks(), controller),
  };
}

async function* named<Chunk>(stream: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  try {
    yield* stream;
  } catch (error) {
    throw asAPIError(error);
  }
}

function toReadableStream<Chunk>(
  chunks: AsyncGenerator<Chunk>,
  controller: AbortController,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(queue) {
      const { done, value } = await chunks.next();
      if (done) queue.close();
      else queue.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
    // A generator's `return()` would wait for the next chunk.
    cancel: (reason) => controller.abort(reason),
  });
}
