import { literalsOf } from "./encoded-text.ts";
import { breach, ownError } from "./own-error.ts";
import type { Batch, Stream } from "./spec.ts";

type Result = IteratorResult<Batch, undefined>;

const OVER: Result = { done: true, value: undefined };

export interface GuardOptions {
  readonly provider: string;
  readonly modelId: string;
  /** Who is to blame when the sequence breaks: a middleware's name. Default: "The adapter". */
  readonly layer?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Holds a stream to the contract: `start`, deltas, exactly one `finish`, or a throw. A pending read rejects with the
 * signal's own reason at the moment it aborts, whatever the source does. What is not a `ProviderError` becomes one.
 *
 * A hand-written iterator, because an async generator cannot do this: its `return()` waits for a pending `next()`.
 */
export function guard(source: Stream, options: GuardOptions): Stream {
  // Two guards of one stream would only cost twice: a layer that changes nothing hands on what is guarded already.
  const isGuarded = source instanceof Guarded && source.options.signal === options.signal;
  return isGuarded ? source : new Guarded(options, () => new GuardedIterator(source, options));
}

/** What a layer does beside passing on. */
export interface Taps {
  /** Before each read. */
  readonly reads?: (() => void) | undefined;
  readonly sees: (result: IteratorResult<Batch>) => IteratorResult<Batch>;
  /** Throws that error, or another. */
  readonly fails?: ((error: unknown) => never) | undefined;
  readonly leaves?: (() => void) | undefined;
}

/** The stream of a layer that passes on what `source` gives. If that is guarded, this need not be guarded again. */
export function passing(source: Stream, signal: AbortSignal | undefined, tap: () => Taps): Stream {
  const iterate = (): AsyncIterator<Batch> => {
    const { reads, sees, fails, leaves } = tap();
    const iterator = source[Symbol.asyncIterator]();
    return {
      next() {
        reads?.();
        return iterator.next().then(sees, fails);
      },
      async return() {
        leaves?.();
        return (await iterator.return?.()) ?? OVER;
      },
    };
  };
  return source instanceof Guarded
    ? new Guarded({ ...source.options, signal }, iterate)
    : { [Symbol.asyncIterator]: iterate };
}

/** Opens the stream at the first read, so that a `stream()` that throws does it inside the guard. */
export function lazily(open: () => Stream): Stream {
  return { [Symbol.asyncIterator]: () => open()[Symbol.asyncIterator]() };
}

/** Opens the stream at once, so that a guard sees what it is; a `stream()` that throws does it at the first read. */
export function opened(open: () => Stream): Stream {
  try {
    return open();
  } catch (error) {
    return lazily(() => {
      throw error;
    });
  }
}

class Guarded implements Stream {
  readonly options: GuardOptions;
  readonly #iterate: () => AsyncIterator<Batch>;

  constructor(options: GuardOptions, iterate: () => AsyncIterator<Batch>) {
    this.options = options;
    this.#iterate = iterate;
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return this.#iterate();
  }
}

class GuardedIterator implements AsyncIterator<Batch, undefined> {
  readonly #options: GuardOptions;
  readonly #source: Stream;
  readonly #sequence: Sequence = new Sequence();
  #iterator: AsyncIterator<Batch> | undefined;
  #rejectRead: ((reason: unknown) => void) | undefined;
  /** An abort came between two reads: the next one tells. */
  #isUntold = false;
  #over = false;

  constructor(source: Stream, options: GuardOptions) {
    this.#source = source;
    this.#options = options;
  }

  next(): Promise<Result> {
    // A layer may have been handed an already aborted signal, which fires no event.
    if (this.#isUntold || (!this.#over && this.#options.signal?.aborted)) {
      this.#isUntold = false;
      return Promise.reject(this.#abort());
    }
    if (this.#over) return Promise.resolve(OVER);
    // Not before the first read: a stream that nobody reads must leave nothing on a long-lived signal.
    if (this.#iterator === undefined) this.#options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    return new Promise((resolve, reject) => {
      this.#rejectRead = reject;
      const fail = (error: unknown): void => {
        if (this.#over) resolve(OVER);
        else {
          this.#leave();
          reject(ownError(error, this.#options, this.#options.signal));
        }
      };
      const see = (result: IteratorResult<Batch>): void => {
        try {
          resolve(this.#checked(result));
        } catch (error) {
          fail(error);
        }
      };
      try {
        this.#iterator ??= this.#source[Symbol.asyncIterator]();
        // Without an async function: this is on the way of every batch. A source in JavaScript may give anything.
        Promise.resolve(this.#iterator.next()).then(see, fail);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** The consumer leaves early: the source is told, and not waited for. */
  return(): Promise<Result> {
    this.#leave();
    return Promise.resolve(OVER);
  }

  #checked(result: IteratorResult<Batch>): Result {
    if (this.#over) return OVER;
    const broken =
      result.done === true ? "ended without a finish part (stream.finish-once)" : this.#sequence.check(result.value);
    if (broken !== undefined) throw breach(this.#options, broken);
    this.#rejectRead = undefined;
    if (this.#sequence.finished) {
      this.#close();
      if (this.#iterator !== undefined) void this.#drain(this.#iterator);
    }
    return result as Result;
  }

  /** Reads on to the end without holding anyone up, so that a connection can be used again. Deadlines bound it. */
  async #drain(iterator: AsyncIterator<Batch>): Promise<void> {
    const { signal } = this.#options;
    const stop = () => void close(iterator);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      // What comes now belongs to no answer; the conformance kit tells of it.
      while ((await iterator.next()).done !== true);
    } catch {
      // The answer is complete and delivered: how its source ends is no longer anybody's problem.
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  readonly #onAbort = (): void => {
    const reject = this.#rejectRead;
    const reason = this.#abort();
    if (reject === undefined) this.#isUntold = true;
    else reject(reason);
  };

  #abort(): unknown {
    this.#leave();
    return this.#options.signal?.reason;
  }

  #leave(): void {
    if (this.#over) return;
    this.#close();
    void close(this.#iterator);
  }

  #close(): void {
    this.#over = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }
}

const NO_TEXT: Batch = [{ type: "text-delta", text: "" }];
const SOME_TEXT: Batch = [{ type: "text-delta", text: " " }];

/** What may follow what. `check` gives a sentence, and the clause of docs/spec.md, when a batch breaks the order. */
class Sequence {
  finished = false;
  #started = false;
  /** Ids of the calls so far, and whether arguments followed. */
  readonly #calls = new Map<string, boolean>();

  check(batch: Batch): string | undefined {
    if (batch.length === 0) return "yielded an empty batch (stream.batches)";
    const literals = literalsOf(batch);
    // As many text deltas as it has break nothing that one does not: none are made.
    for (const part of literals === undefined ? batch : literals.includes("") ? NO_TEXT : SOME_TEXT) {
      if (this.finished) return `yielded "${part.type}" after finish in one batch (stream.finish-once)`;
      if (this.#started === (part.type === "start"))
        return `yielded "${part.type}" ${this.#started ? "twice" : "before start"} (stream.start-first)`;
      this.#started = true;
      switch (part.type) {
        case "text-delta":
        case "reasoning-delta":
          // An adapter without types may send anything.
          if (typeof part.text !== "string" || part.text === "")
            return `yielded an empty "${part.type}" (stream.no-empty-delta)`;
          break;
        case "tool-call-start":
          if (part.id === "" || this.#calls.has(part.id))
            return `started tool call "${part.id}" without an id of its own (stream.tool-calls)`;
          this.#calls.set(part.id, false);
          break;
        case "tool-call-delta":
          if (!this.#calls.has(part.id)) return `continued tool call "${part.id}" before its start (stream.tool-calls)`;
          this.#calls.set(part.id, true);
          break;
        case "finish": {
          const bare = [...this.#calls].find(([, hasArguments]) => !hasArguments);
          if (bare !== undefined) return `finished with tool call "${bare[0]}" without arguments (stream.tool-calls)`;
          this.finished = true;
          break;
        }
        default:
          break; // Parts of a later spec pass untouched.
      }
    }
    return undefined;
  }
}

async function close(iterator: AsyncIterator<unknown> | undefined): Promise<void> {
  try {
    await iterator?.return?.();
  } catch {
    // The consumer has gone: nobody is left to tell.
  }
}
