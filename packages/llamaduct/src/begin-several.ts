import {
  type Batch,
  type CallOptions,
  type CommittedStream,
  type Completion,
  collect,
  commit,
  type Stream,
} from "@llamaduct/core";
import type { Open } from "./begin-all.ts";

/** All of the streams begun, or the first failure, and then no upstream goes on. */
export async function beginSeveral(opens: readonly Open[], call: CallOptions): Promise<readonly CommittedStream[]> {
  const streams = opens.map((open) => leavable(open, call));
  let haveAllBegun = false;
  try {
    const begun = streams.map(async (stream) => readAhead(await commit(stream), () => haveAllBegun));
    const committed = await Promise.all(begun);
    haveAllBegun = true;
    return committed;
  } catch (error) {
    leaveAll(streams);
    throw error;
  }
}

/**
 * Reads a stream into memory until it is enough: where only a few may run at a time, the others begin when one has ended,
 * and it ends only when it is read.
 */
function readAhead(stream: CommittedStream, isEnough: () => boolean): CommittedStream {
  const iterator = stream[Symbol.asyncIterator]();
  const held: Promise<IteratorResult<Batch>>[] = [];
  const read = async () => {
    for (let isOver = false; !isOver && !isEnough(); ) {
      const next = iterator.next();
      held.push(next);
      isOver = (await next).done === true;
    }
  };
  // Whoever reads what is held is told.
  read().catch(() => {});
  const reader: AsyncIterator<Batch> = {
    next: () => held.shift() ?? iterator.next(),
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
  return { warnings: stream.warnings, [Symbol.asyncIterator]: () => reader };
}

/** A stream that its reader can leave while a read is pending: a generator on the way would wait for what it reads. */
function leavable(open: Open, { signal, ...call }: CallOptions): Stream {
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const iterator = open({ ...call, signal: either })[Symbol.asyncIterator]();
  const leaving: AsyncIterator<Batch> = {
    next: () => iterator.next(),
    return() {
      const returned = iterator.return?.();
      left.abort(new Error("The answer is not wanted any more."));
      return returned ?? Promise.resolve({ done: true, value: undefined });
    },
  };
  return { [Symbol.asyncIterator]: () => leaving };
}

/** Every answer whole. The first failure is everybody's: nobody reads what the other upstreams would still generate. */
export async function collectSeveral(streams: readonly CommittedStream[]): Promise<readonly Completion[]> {
  try {
    return await Promise.all(streams.map(collect));
  } catch (error) {
    leaveAll(streams);
    throw error;
  }
}

function leaveAll(streams: readonly Stream[]): void {
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
  const read = (index: number) => {
    const pending = (async () => ({ index, result: await iterators[index]?.next() }))();
    pending.catch(() => {}); // It may fail while the reader is busy; the race tells, once.
    return pending;
  };
  const reads = new Map(iterators.map((_, index) => [index, read(index)]));
  try {
    while (reads.size > 0) {
      const { index, result } = await Promise.race(reads.values());
      reads.delete(index);
      if (result === undefined || result.done === true) continue;
      reads.set(index, read(index)); // Behind the others: of several that are there, the one that waited longest wins.
      yield { index, batch: result.value };
    }
  } finally {
    for (const iterator of iterators) void iterator.return?.();
  }
}
