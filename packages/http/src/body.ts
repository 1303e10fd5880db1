/** What a body asks of the exchange that fills it. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** The reader has left: close the connection. */
  leave(): void;
}

const PAUSE_AT_BYTES = 64 * 1024;

type Result = IteratorResult<Uint8Array, undefined>;

/**
 * A response body between the socket and its reader. Hand-written: an async generator's `return()` waits for a pending
 * `next()`, and cannot give everything that arrived in one turn of the event loop as one piece.
 */
export class Body implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #source: BodySource;
  readonly #signal: AbortSignal | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #paused = false;
  /** Set when nothing more will arrive. An `error` is given to the read after the last piece. */
  #end: { readonly error?: unknown } | undefined;
  #read: PromiseWithResolvers<Result> | undefined;
  #wakeScheduled = false;
  #over = false;

  constructor(source: BodySource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    if (!this.#paused && this.#waitingBytes > PAUSE_AT_BYTES) {
      this.#paused = true;
      this.#source.pause();
    }
    this.#wake();
  }

  end(): void {
    this.#end ??= {};
    this.#wake();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Rejects a pending read, or else the next one, at once. What was waiting is gone. */
  abort(reason: unknown): void {
    this.#forget();
    this.#end = { error: reason };
    const read = this.#read;
    if (read === undefined) return;
    this.#read = undefined;
    this.#over = true;
    read.reject(reason);
  }

  next(): Promise<Result> {
    if (this.#over) return Promise.resolve({ done: true, value: undefined });
    if (this.#read !== undefined) return Promise.reject(new Error("A body takes one read at a time."));
    // An exchange that is over no longer listens to its signal; bytes it left behind still obey it.
    if (this.#signal?.aborted) this.abort(this.#signal.reason);
    if (this.#waiting.length > 0) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#end !== undefined) return this.#finish(this.#end);
    this.#read = Promise.withResolvers();
    return this.#read.promise;
  }

  return(): Promise<Result> {
    const read = this.#read;
    this.#read = undefined;
    if (!this.#over) {
      this.#over = true;
      this.#forget();
      if (this.#end === undefined) this.#source.leave();
    }
    read?.resolve({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The parser hands over a socket's read piece by piece in one turn: the reader is woken after the last of them. */
  #wake(): void {
    if (this.#read === undefined || this.#wakeScheduled) return;
    this.#wakeScheduled = true;
    queueMicrotask(this.#deliver);
  }

  readonly #deliver = (): void => {
    this.#wakeScheduled = false;
    const read = this.#read;
    if (read === undefined) return;
    this.#read = undefined;
    if (this.#waiting.length > 0) read.resolve({ done: false, value: this.#take() });
    else if (this.#end !== undefined) read.resolve(this.#finish(this.#end));
    else this.#read = read;
  };

  #take(): Uint8Array {
    const pieces = this.#waiting;
    const size = this.#waitingBytes;
    this.#forget();
    if (this.#paused) {
      this.#paused = false;
      if (this.#end === undefined) this.#source.resume();
    }
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, size);
  }

  #forget(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #finish(end: { readonly error?: unknown }): Promise<Result> {
    this.#over = true;
    return "error" in end ? Promise.reject(end.error) : Promise.resolve({ done: true, value: undefined });
  }
}
