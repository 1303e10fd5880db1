import type { Batch, Stream } from "./spec.ts";

/**
 * Resolves at the first part that is neither `start` nor `warning`, with a stream that still holds everything; rejects
 * when the source fails before it. Until then another deployment may be tried and the HTTP status is open.
 */
export async function commit(source: Stream): Promise<Stream> {
  const iterator = source[Symbol.asyncIterator]();
  const held: Batch[] = [];
  for (;;) {
    const result = await iterator.next();
    if (result.done === true) break;
    held.push(result.value);
    if (commits(result.value)) break;
  }
  return { [Symbol.asyncIterator]: () => resume(held, iterator) };
}

function commits(batch: Batch): boolean {
  for (const part of batch) if (part.type !== "start" && part.type !== "warning") return true;
  return false;
}

function resume(held: Batch[], iterator: AsyncIterator<Batch>): AsyncIterator<Batch> {
  return {
    next() {
      const value = held.shift();
      return value === undefined ? iterator.next() : Promise.resolve({ done: false, value });
    },
    async return() {
      held.length = 0;
      return (await iterator.return?.()) ?? { done: true, value: undefined };
    },
  };
}
