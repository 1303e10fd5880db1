import type { Batch, Stream } from "@llamaduct/core";

export function replay(batches: readonly Batch[]): Stream {
  return {
    async *[Symbol.asyncIterator]() {
      yield* batches;
    },
  };
}
