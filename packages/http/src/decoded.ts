import type { ProviderError } from "@llamaduct/core";

export interface Decoder<Item> {
  /** Set once the bytes turn out to be wrong. What came before is returned first. */
  readonly failure: ProviderError | undefined;
  push(bytes: Uint8Array): readonly Item[];
  end(): readonly Item[];
}

/**
 * A body as batches of what each read completes, never empty. Hand-written, so that a reader who leaves closes the
 * body at once even while a read is pending.
 */
export function decoded<Item>(
  body: AsyncIterable<Uint8Array>,
  createDecoder: () => Decoder<Item>,
): AsyncIterable<readonly Item[]> {
  return { [Symbol.asyncIterator]: () => new DecodingIterator(body[Symbol.asyncIterator](), createDecoder()) };
}

class DecodingIterator<Item> implements AsyncIterator<readonly Item[], undefined> {
  readonly #body: AsyncIterator<Uint8Array>;
  readonly #decoder: Decoder<Item>;
  #ended = false;
  #over = false;

  constructor(body: AsyncIterator<Uint8Array>, decoder: Decoder<Item>) {
    this.#body = body;
    this.#decoder = decoder;
  }

  async next(): Promise<IteratorResult<readonly Item[], undefined>> {
    while (!this.#over && !this.#ended && this.#decoder.failure === undefined) {
      const items = await this.#read();
      if (items.length > 0) return { done: false, value: items };
    }
    const { failure } = this.#decoder;
    if (failure === undefined || this.#over) return { done: true, value: undefined };
    this.#over = true;
    throw failure;
  }

  return(): Promise<IteratorResult<readonly Item[], undefined>> {
    this.#over = true;
    void close(this.#body);
    return Promise.resolve({ done: true, value: undefined });
  }

  async #read(): Promise<readonly Item[]> {
    const bytes = await this.#next();
    if (this.#over) return [];
    const items = bytes === undefined ? this.#decoder.end() : this.#decoder.push(bytes);
    if (this.#decoder.failure !== undefined) void close(this.#body);
    return items;
  }

  async #next(): Promise<Uint8Array | undefined> {
    try {
      const read = await this.#body.next();
      if (read.done !== true) return read.value;
      this.#ended = true;
      return undefined;
    } catch (error) {
      if (this.#over) return undefined;
      this.#over = true;
      throw error;
    }
  }
}

async function close(body: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    await body.return?.();
  } catch {
    // The reader has gone, or is about to get the failure that matters.
  }
}
