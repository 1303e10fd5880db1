import type { Batch, Stream } from "@llamaduct/core";

export interface OrElseOptions {
  readonly first: () => Stream;
  /** Whether a failure before the first batch means that the other is to be tried. */
  readonly isRefusal: (error: unknown) => boolean;
  readonly second: () => Stream;
}

/** A stream, or another one where it is refused before it begins. Costs nothing once it has begun. */
export function orElse({ first, isRefusal, second }: OrElseOptions): Stream {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Batch> {
      let iterator: AsyncIterator<Batch> | undefined;
      let hasBegun = false;

      async function begin(): Promise<IteratorResult<Batch>> {
        hasBegun = true;
        try {
          iterator = first()[Symbol.asyncIterator]();
          return await iterator.next();
        } catch (error) {
          if (!isRefusal(error)) throw error;
          iterator = second()[Symbol.asyncIterator]();
          return await iterator.next();
        }
      }

      return {
        next: () => (hasBegun && iterator !== undefined ? iterator.next() : begin()),
        return: async () => (await iterator?.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
