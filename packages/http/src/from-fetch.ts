import { ProviderError } from "@llamaduct/core";
import { hostOf, parseTarget } from "./target.ts";
import type { Transport, TransportResponse } from "./transport.ts";
import { type Phase, transportFailure } from "./transport-failure.ts";

/** The part of the Fetch API this package uses; `globalThis.fetch` of any runtime is one. */
export type FetchFunction = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body: string | null;
    readonly signal: AbortSignal | null;
    readonly redirect: "manual";
  },
) => Promise<FetchResponse>;

export interface FetchResponse {
  readonly status: number;
  readonly type: string;
  readonly headers: { forEach(callback: (value: string, name: string) => void): void };
  readonly body: { getReader(): FetchReader } | null;
}

export interface FetchReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/**
 * A transport over any `fetch`: for workers, browsers and tests. In Node.js prefer `createTransport`: the built-in
 * `fetch` gives up after 300 s without headers or bytes.
 */
export function fromFetch(fetch: FetchFunction): Transport {
  return async ({ method, url, headers, body, signal }) => {
    signal?.throwIfAborted();
    const exchange: FetchExchange = { url: parseTarget(url), signal };
    const response = await fetch(url, {
      method,
      headers: { ...headers },
      body: body ?? null,
      signal: signal ?? null,
      redirect: "manual",
    }).catch(async (error) => {
      throw await toFailure(error, "waiting", exchange);
    });
    if (response.type === "opaqueredirect") {
      throw new ProviderError({
        code: "upstream_protocol_error",
        message: `${hostOf(exchange.url)} answered with a redirect, which is not followed.`,
      });
    }
    return toResponse(response, exchange);
  };
}

interface FetchExchange {
  readonly url: URL;
  readonly signal: AbortSignal | undefined;
}

function toResponse({ status, headers, body }: FetchResponse, exchange: FetchExchange): TransportResponse {
  const entries = new Map<string, string>();
  headers.forEach((value, name) => {
    const before = entries.get(name);
    entries.set(name, before === undefined ? value : `${before}, ${value}`);
  });
  return { status, headers: Object.fromEntries(entries), body: new FetchBody(body?.getReader(), exchange) };
}

async function toFailure(error: unknown, phase: Phase, { url, signal }: FetchExchange): Promise<unknown> {
  if (signal?.aborted) return signal.reason;
  // Node's fetch says "fetch failed" or "terminated" and keeps what happened as the cause.
  const reported = error instanceof TypeError && error.cause !== undefined ? error.cause : error;
  const failure = await transportFailure(reported, { phase, url });
  return signal?.aborted ? signal.reason : failure;
}

type Result = IteratorResult<Uint8Array, undefined>;

/** Hand-written for the same reason as `Body`: leaving must not wait for a pending read. */
class FetchBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #reader: FetchReader | undefined;
  readonly #exchange: FetchExchange;
  #read: PromiseWithResolvers<Result> | undefined;
  #over: boolean;

  constructor(reader: FetchReader | undefined, exchange: FetchExchange) {
    this.#reader = reader;
    this.#exchange = exchange;
    this.#over = reader === undefined;
  }

  next(): Promise<Result> {
    const { signal } = this.#exchange;
    if (this.#over || this.#reader === undefined) return Promise.resolve({ done: true, value: undefined });
    if (this.#read !== undefined) return Promise.reject(new Error("A body takes one read at a time."));
    const read = Promise.withResolvers<Result>();
    this.#read = read;
    // Listens only while a read is pending: between reads, and for a body nobody reads, the signal is the fetch's own.
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
    else this.#reader.read().then(this.#onRead, this.#onError);
    return read.promise;
  }

  return(): Promise<Result> {
    this.#settle()?.resolve({ done: true, value: undefined });
    this.#leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #onRead = ({ done, value }: { readonly done: boolean; readonly value?: Uint8Array | undefined }): void => {
    if (done) this.#over = true;
    this.#settle()?.resolve(done || value === undefined ? { done: true, value: undefined } : { done: false, value });
  };

  readonly #onError = (error: unknown): void => {
    this.#over = true;
    void toFailure(error, "body", this.#exchange).then((failure) => this.#settle()?.reject(failure));
  };

  readonly #onAbort = (): void => {
    this.#settle()?.reject(this.#exchange.signal?.reason);
    this.#leave();
  };

  #settle(): PromiseWithResolvers<Result> | undefined {
    const read = this.#read;
    this.#read = undefined;
    this.#exchange.signal?.removeEventListener("abort", this.#onAbort);
    return read;
  }

  #leave(): void {
    if (this.#over) return;
    this.#over = true;
    // Whether a stream that nobody reads any more could be cancelled is nobody's concern either.
    this.#reader?.cancel().catch(() => {});
  }
}
