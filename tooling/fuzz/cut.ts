/** An integer from 0 to `below` - 1. */
type Pick = (below: number) => number;

/** The bytes in one piece, byte by byte, or cut at random. */
export async function* cut(bytes: Uint8Array, pick: Pick): AsyncGenerator<Uint8Array> {
  yield* cutBytes(bytes, pick);
}

export function cutBytes(bytes: Uint8Array, pick: Pick): readonly Uint8Array[] {
  return edges(bytes.length, pick).map(([start, end]) => bytes.subarray(start, end));
}

export function cutText(text: string, pick: Pick): readonly string[] {
  return edges(text.length, pick).map(([start, end]) => text.slice(start, end));
}

/** One piece, as the reference that every other way is compared with. */
export async function* uncut(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** A long input byte by byte would measure how it is cut, not how it is read. */
const MAX_PIECES = 1000;

function edges(length: number, pick: Pick): readonly (readonly [start: number, end: number])[] {
  const longest = Math.max([1, 4, 40, 400, length][pick(5)] ?? length, Math.ceil((2 * length) / MAX_PIECES) - 1);
  const pieces: [number, number][] = [];
  for (let at = 0; at < length; ) {
    const end = Math.min(length, at + 1 + pick(longest));
    pieces.push([at, end]);
    at = end;
  }
  return pieces;
}
