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

type Result<Item> = IteratorResult<readonly Item[], undefined>;

class DecodingIterator<Item> implements AsyncIterator<readonly Item[], undefined> {
  readonly #body: AsyncIterator<Uint8Array>;
  readonly #decoder: Decoder<Item>;
  #ended = false;
  #over = false;

  constructor(body: AsyncIterator<Uint8Array>, decoder: Decoder<Item>) {
    this.#body = body;
    this.#decoder = decoder;
  }

  // Without async functions: this is on the way of every read.
  next(): Promise<Result<Item>> {
    const { failure } = this.#decoder;
    if (!this.#over && !this.#ended && failure === undefined)
      return this.#body.next().then(this.#onRead, this.#onError);
    const hasFailed = failure !== undefined && !this.#over;
    this.#over = true;
    return hasFailed ? Promise.reject(failure) : Promise.resolve({ done: true, value: undefined });
  }

  return(): Promise<Result<Item>> {
    this.#over = true;
    void close(this.#body);
    return Promise.resolve({ done: true, value: undefined });
  }

  readonly #onRead = (read: IteratorResult<Uint8Array>): Result<Item> | Promise<Result<Item>> => {
    if (this.#over) return { done: true, value: undefined };
    if (read.done === true) this.#ended = true;
    const items = read.done === true ? this.#decoder.end() : this.#decoder.push(read.value);
    if (this.#decoder.failure !== undefined) void close(this.#body);
    return items.length > 0 ? { done: false, value: items } : this.next();
  };

  readonly #onError = (error: unknown): Result<Item> => {
    if (this.#over) return { done: true, value: undefined };
    this.#over = true;
    throw error;
  };
}

async function close(body: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    await body.return?.();
  } catch {
    // The reader has gone, or is about to get the failure that matters.
  }
}
