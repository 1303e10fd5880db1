// The yardstick: what any proxy on `node:http` and undici pays. Bytes pass untouched, one write per upstream chunk.
// Usage: node floor.ts http://127.0.0.1:PORT
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Dispatcher, Pool } from "undici";

const [origin = ""] = process.argv.slice(2);
const pool = new Pool(origin, { connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });

class Relay implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.once("close", () => {
      if (!response.writableFinished) this.#controller?.abort(new Error("The client left."));
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.#response.writeHead(status, { "content-type": String(headers["content-type"]) });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response.write(chunk) || controller.paused) return;
    controller.pause();
    this.#response.once("drain", () => controller.resume());
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(): void {
    this.#response.destroy();
  }
}

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

function relay(request: IncomingMessage, response: ServerResponse): void {
  const body: Buffer[] = [];
  request.on("data", (bytes: Buffer) => body.push(bytes));
  request.on("end", () => {
    const headers = { "content-type": "application/json" };
    pool.dispatch(
      { path: request.url ?? "/", method: "POST", headers, body: Buffer.concat(body) },
      new Relay(response),
    );
  });
}

// Longer than a connection waits for its turn in the rounds.
const server = createServer({ keepAliveTimeout: 75_000 }, relay);
// A server that listens on TCP has an address of this shape.
server.listen(0, "127.0.0.1", () =>
  console.log(`floor listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
