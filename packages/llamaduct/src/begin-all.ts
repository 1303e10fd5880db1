import {
  type Batch,
  type CallOptions,
  type CommittedStream,
  type Completion,
  collect,
  commit,
  type Stream,
} from "@llamaduct/core";

export type Open = (call: CallOptions) => Stream;

/** Streams of one request, begun together: all of them, or the first failure once each has begun or failed. */
export async function beginAll(opens: readonly Open[], call: CallOptions): Promise<readonly CommittedStream[]> {
  const begun = await Promise.allSettled(opens.map((open) => commit(open(call))));
  const streams = begun.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = begun.find((one) => one.status === "rejected");
  if (failed === undefined) return streams;
  leaveAll(streams);
  throw failed.reason;
}

/** Every answer whole. The first failure is everybody's: nobody reads what the other upstreams would still generate. */
export async function collectAll(streams: readonly CommittedStream[]): Promise<readonly Completion[]> {
  try {
    return await Promise.all(streams.map(collect));
  } catch (error) {
    leaveAll(streams);
    throw error;
  }
}

function leaveAll(streams: readonly CommittedStream[]): void {
  for (const stream of streams) void stream[Symbol.asyncIterator]().return?.();
}

/** A batch, and the place of its stream. */
export interface IndexedBatch {
  readonly index: number;
  readonly batch: Batch;
}

/** Several streams as one, in the order their batches come. The first failure is its own; leaving it leaves them all. */
export async function* merge(streams: readonly CommittedStream[]): AsyncGenerator<IndexedBatch> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const read = async (index: number) => ({ index, result: await iterators[index]?.next() });
  const reads = new Map(iterators.map((_, index) => [index, read(index)]));
  try {
    while (reads.size > 0) {
      const { index, result } = await Promise.race(reads.values());
      if (result === undefined || result.done === true) {
        reads.delete(index);
        continue;
      }
      reads.set(index, read(index));
      yield { index, batch: result.value };
    }
  } finally {
    for (const pending of reads.values()) pending.catch(() => {}); // Told once is enough.
    for (const iterator of iterators) void iterator.return?.();
  }
}
