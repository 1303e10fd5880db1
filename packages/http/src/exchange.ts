import { ProviderError } from "@llamaduct/core";
import type { Dispatcher } from "undici";
import { Body, type BodySource } from "./body.ts";
import type { Connection, Connections } from "./connections.ts";
import { hostOf } from "./target.ts";
import type { TransportRequest, TransportResponse } from "./transport.ts";
import { type Phase, transportFailure } from "./transport-failure.ts";

type ResponseHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/** One for all: Node formats the stack of every error that it destroys a socket with, which takes longer than that. */
const OVER = new Error("The exchange is over.");

/** One request and its response. undici calls the `on…` methods; a class, so that a request costs no closures. */
export class Exchange implements Dispatcher.DispatchHandler, BodySource {
  readonly response: Promise<TransportResponse>;
  /** The pooled connection that takes this exchange; `undefined` when it has one of its own. */
  connection: Connection | undefined;
  readonly #url: URL;
  readonly #options: Dispatcher.DispatchOptions & { readonly origin: string };
  readonly #signal: AbortSignal | undefined;
  readonly #head: PromiseWithResolvers<TransportResponse> = Promise.withResolvers();
  #connections: Connections | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #body: Body | undefined;
  #phase: Phase = "connecting";
  #reused = false;
  #over = false;

  constructor(url: URL, request: TransportRequest) {
    this.response = this.#head.promise;
    this.#url = url;
    this.#options = {
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: { ...request.headers, "accept-encoding": "identity" },
      body: request.body ?? null,
    };
    this.#signal = request.signal;
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Sends the request, unless it was aborted meanwhile. */
  send(connections: Connections): void {
    if (this.#over) return;
    this.#connections = connections;
    connections.dispatch(this.#options, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#phase = "waiting";
    this.#reused = this.connection !== undefined && this.connection.exchanges++ > 0;
    if (this.#over) this.#disconnect();
  }

  /** The first byte of a response. */
  onResponseStarted(): void {
    if (this.#phase === "waiting") this.#phase = "head";
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (this.#over || status < 200) return;
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && String(encoding).toLowerCase() !== "identity") {
      this.#fail(
        new ProviderError({
          code: "upstream_protocol_error",
          message: `${hostOf(this.#url)} sent an encoded response, which was not asked for.`,
        }),
      );
      this.#disconnect();
      return;
    }
    this.#phase = "body";
    this.#body = new Body(this, this.#signal);
    this.#head.resolve({ status, headers: joined(headers), body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#finish();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    void this.#onError(error);
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#over) this.#controller?.resume();
  }

  leave(): void {
    if (this.#over) return;
    this.#finish();
    this.#disconnect();
  }

  /** Before a connection exists: the transport itself could not be set up. */
  abandon(error: unknown): void {
    void this.#onError(error);
  }

  async #onError(error: unknown): Promise<void> {
    if (this.#over) return;
    const failure = await transportFailure(error, { phase: this.#phase, url: this.#url });
    // The caller may have aborted, or the reader left, while the words were loaded.
    if (this.#over) return;
    if (this.#isStale(failure)) this.#sendAgain();
    else this.#fail(failure);
  }

  /**
   * Certain: the connection had served before, and not one byte of a response came. So the server has almost surely
   * closed it as idle while the request was on its way.
   */
  #isStale(failure: ProviderError): boolean {
    return this.#reused && this.#phase === "waiting" && failure.code === "upstream_connection_failed";
  }

  #sendAgain(): void {
    this.#phase = "connecting";
    this.#controller = undefined;
    this.#reused = false;
    this.connection = undefined;
    this.#connections?.dispatchAlone(this.#options, this);
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.#finish();
    this.#head.reject(reason);
    this.#body?.abort(reason);
    this.#disconnect();
  };

  #fail(failure: ProviderError): void {
    this.#finish();
    this.#head.reject(failure);
    this.#body?.fail(failure);
  }

  #finish(): void {
    this.#over = true;
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  #disconnect(): void {
    this.#controller?.abort(OVER);
  }
}

function joined(headers: ResponseHeaders): Record<string, string> {
  // `fromEntries` defines, never assigns: a header called `__proto__` stays a header.
  return Object.fromEntries(
    Object.entries(headers).map(([name, value = ""]) => [name, typeof value === "string" ? value : value.join(", ")]),
  );
}
