import type { Batch, Stream } from "@llamaduct/core";

export interface ControlledStream {
  readonly stream: Stream;
  /** Whether its reader left early. */
  readonly left: boolean;
  give(text: string): void;
  fail(error: Error): void;
  end(): void;
}

/** A stream whose batches, of one text each, come when the test says so. */
export function controlledStream(): ControlledStream {
  const steps: PromiseWithResolvers<IteratorResult<Batch>>[] = [];
  const step = (index: number) => {
    steps[index] ??= Promise.withResolvers();
    return steps[index];
  };
  let [written, read, left] = [0, 0, false];
  return {
    stream: {
      [Symbol.asyncIterator]: () => ({
        next: () => step(read++).promise,
        async return() {
          left = true;
          return { done: true, value: undefined };
        },
      }),
    },
    get left() {
      return left;
    },
    give: (text) => step(written++).resolve({ done: false, value: [{ type: "text-delta", text }] }),
    fail: (error) => step(written++).reject(error),
    end: () => step(written++).resolve({ done: true, value: undefined }),
  };
}
