import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { line } from "./ndjson.ts";
import { head } from "./raw-exchange.ts";
import { startProxy } from "./start-proxy.ts";

const MEGABYTE = 1024 * 1024;
/** What the kernel and the libraries may hold on the way; without back-pressure there is no bound. */
const BOUND = 48 * MEGABYTE;

it("a client that does not read stops the upstream", async () => {
  const upstream = await endlessUpstream();
  const proxy = await startProxy({ upstream: upstream.url });
  const responses: ServerResponse[] = [];
  proxy.app.server.on("request", (_, response) => responses.push(response));

  const socket = connect(proxy.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.pause();
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }], stream: true });
  const fields = { "content-type": "application/json", "content-length": String(body.length) };
  socket.write(head("POST /v1/chat/completions HTTP/1.1", fields) + body);

  expect(await upstream.stalled).toBeLessThan(BOUND);
  expect(responses[0]?.writableLength).toBeLessThan(MEGABYTE);

  // It has stopped, not died: once the client reads, the rest comes.
  const before = upstream.written();
  socket.resume();
  await upstream.reached(before + 2 * BOUND);
  socket.destroy();
  await upstream.left;
});

interface EndlessUpstream {
  readonly url: string;
  readonly written: () => number;
  /** Bytes written when the stream had stood still for a while, or when the bound was passed. */
  readonly stalled: Promise<number>;
  reached(bytes: number): Promise<void>;
  /** When the connection has been closed. */
  readonly left: Promise<void>;
}

/** Sends as fast as it is read, for ever. */
async function endlessUpstream(): Promise<EndlessUpstream> {
  const text = line({ content: "x".repeat(64 * 1024) });
  const stalled = Promise.withResolvers<number>();
  const left = Promise.withResolvers<void>();
  let written = 0;
  let waiting: { readonly bytes: number; readonly resolve: () => void } | undefined;
  const server = createServer((request, response) => {
    request.resume();
    response.on("close", left.resolve);
    let standstill = setTimeout(() => {}, 0);
    const send = () => {
      clearTimeout(standstill);
      do {
        written += text.length;
        if (written > BOUND) stalled.resolve(written);
        if (waiting !== undefined && written >= waiting.bytes) waiting.resolve();
      } while (response.write(text) && !response.destroyed);
      standstill = setTimeout(() => stalled.resolve(written), 300);
    };
    response.on("drain", send);
    send();
  });
  const url = await listen(server);
  const reached = (bytes: number) =>
    new Promise<void>((resolve) => {
      waiting = { bytes, resolve };
    });
  return { url, written: () => written, stalled: stalled.promise, reached, left: left.promise };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
