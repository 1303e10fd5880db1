import { literalsOf } from "./encoded-text.ts";
import type { Batch, Stream, Warning } from "./spec.ts";

/** A stream that has begun to answer. It still holds everything, from `start` on. */
export interface CommittedStream extends AsyncIterable<Batch> {
  /** What was warned about up to here: a status line and headers may still tell. */
  readonly warnings: readonly Warning[];
}

/**
 * Resolves at the first part that is neither `start` nor `warning`; rejects when the source fails before it. Until then
 * another deployment may be tried and the HTTP status is open.
 */
export async function commit(source: Stream): Promise<CommittedStream> {
  const iterator = source[Symbol.asyncIterator]();
  const held: Batch[] = [];
  const warnings: Warning[] = [];
  for (let answered = false; !answered; ) {
    const result = await iterator.next();
    if (result.done === true) break;
    held.push(result.value);
    if (literalsOf(result.value) !== undefined) break;
    for (const part of result.value) {
      if (part.type === "start") warnings.push(...part.warnings);
      else if (part.type === "warning") warnings.push(part.warning);
      else answered = true;
    }
  }
  return { warnings, [Symbol.asyncIterator]: () => resume(held, iterator) };
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
