/** A body that arrives cut at the given offsets. `left` tells whether its reader has left it. */
export interface CutBody extends AsyncIterable<Uint8Array> {
  readonly left: boolean;
}

export function cut(bytes: Uint8Array, offsets: readonly number[], failure?: Error): CutBody {
  const edges = [0, ...offsets, bytes.length];
  const pieces = offsets.map((_, index) => bytes.slice(edges[index], edges[index + 1]));
  pieces.push(bytes.slice(edges.at(-2)));
  const state = { left: false };
  return {
    get left() {
      return state.left;
    },
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const value = pieces.shift();
        if (value !== undefined) return { done: false, value };
        if (failure !== undefined) throw failure;
        return { done: true, value: undefined };
      },
      return: async () => {
        state.left = true;
        return { done: true, value: undefined };
      },
    }),
  };
}

/** Every way to cut once, some hundred ways to cut twice (seeded), and byte by byte. */
export function everyCut(length: number): readonly (readonly number[])[] {
  const once = Array.from({ length: length + 1 }, (_, offset) => [offset]);
  const twice = Array.from({ length: 400 }, pairs(length));
  return [[], ...once, ...twice, Array.from({ length: Math.max(length - 1, 0) }, (_, index) => index + 1)];
}

function pairs(length: number): () => readonly number[] {
  let seed = 20261124;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * (length + 1));
  };
  return () => [random(), random()].sort((left, right) => left - right);
}

export interface Outcome<Item> {
  readonly items: readonly Item[];
  readonly error: unknown;
}

/** All that a reader gets, and how it ended. Empty batches are reported as an error. */
export async function outcome<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Outcome<Item>> {
  const items: Item[] = [];
  try {
    for await (const batch of batches) {
      if (batch.length === 0) throw new Error("An empty batch.");
      items.push(...batch);
    }
    return { items, error: undefined };
  } catch (error) {
    return { items, error };
  }
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
