import type { Recording } from "./recordings.ts";

/** An answer as HTTP clients hand it out. */
export interface ReplayedAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface ReplayOptions {
  /** Byte offsets, ascending: where the network happened to cut the body. Default: nowhere. */
  readonly cuts?: readonly number[] | undefined;
  /** Makes what the body throws where the recorded connection broke. Default: an `Error`. */
  readonly broken?: (() => unknown) | undefined;
}

/** A recorded answer without a socket, in pieces of your choice: for parsers, which must not care where the network cuts. */
export function replayedAnswer(recording: Recording, options: ReplayOptions = {}): ReplayedAnswer {
  const { cuts = [], broken = () => new Error("the connection was cut") } = options;
  const bytes = bytesOf(recording);

  async function* body(): AsyncGenerator<Uint8Array> {
    const edges = [0, ...cuts, bytes.length];
    for (const [index, edge] of edges.slice(1).entries()) {
      const piece = bytes.subarray(edges[index], edge);
      if (piece.length > 0) yield piece;
    }
    if (recording.ended === "closed") throw broken();
  }

  return {
    status: recording.status,
    headers: Object.fromEntries(recording.headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: body(),
  };
}

const EVERY_CUT_UP_TO_BYTES = 8192;

/**
 * Lists of cuts that a parser should be tried with. Of a body up to 8 KiB every byte boundary by itself, and all of them
 * at once; of a larger one the boundaries around line ends and inside characters, and 50 random selections.
 */
export function byteCuts(recording: Recording): readonly (readonly number[])[] {
  const bytes = bytesOf(recording);
  const offsets = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
  if (bytes.length <= EVERY_CUT_UP_TO_BYTES) return [...offsets.map((offset) => [offset]), offsets];
  const isEdge = (offset: number) =>
    [bytes[offset - 1], bytes[offset]].includes(0x0a) || ((bytes[offset] ?? 0) & 0xc0) === 0x80;
  const edges = offsets.filter(isEdge);
  const random = mulberry32(bytes.length);
  const some = Array.from({ length: 50 }, () => offsets.filter(() => random() < 0.002));
  return [edges, ...edges.slice(0, 200).map((offset) => [offset]), ...some];
}

function bytesOf(recording: Recording): Uint8Array {
  return new TextEncoder().encode(recording.chunks.join(""));
}

/** A small seeded generator, so that a failure can be seen again. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
