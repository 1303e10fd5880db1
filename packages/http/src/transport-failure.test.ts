// Where the words for failures cannot be had, as on a page that has lost its server, they are told plainly.

import { expect, it, vi } from "vitest";
import { closedPort, serveRaw } from "../test/servers.ts";
import { createTransport } from "./create-transport.ts";
import { fromFetch } from "./from-fetch.ts";
import { readText } from "./read-text.ts";

vi.mock("./transport-error.ts", () => {
  throw new Error("Failed to fetch dynamically imported module");
});

const transports = [
  ["undici", createTransport()],
  ["fetch", fromFetch(fetch)],
] as const;

it.each(transports)("a connection that fails, over %s", async (_, transport) => {
  const port = await closedPort();
  const request = { method: "GET", url: `http://127.0.0.1:${port}` } as const;
  await expect(transport(request)).rejects.toMatchObject({
    code: "upstream_connection_failed",
    message: `The connection to 127.0.0.1:${port} failed.`,
    cause: { code: "ECONNREFUSED" },
  });
});

it.each(transports)("a response that breaks off, over %s", async (_, transport) => {
  const server = await serveRaw(({ socket }) => {
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
  });
  const { body } = await transport({ method: "GET", url: server.url });
  await expect(readText(body)).rejects.toMatchObject({ code: "upstream_stream_interrupted" });
});

it("an abort while they are loaded is told as the abort", async () => {
  const reason = new Error("enough");
  const failing = Promise.reject(new TypeError("fetch failed"));
  const controller = new AbortController();
  const answer = fromFetch(() => failing)({ method: "GET", url: "http://127.0.0.1:1", signal: controller.signal });
  await failing.catch(() => controller.abort(reason));
  await expect(answer).rejects.toBe(reason);
});
