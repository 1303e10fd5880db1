import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { ClientGone } from "./client-gone.ts";
import { writeEvents } from "./write-events.ts";

afterEach(() => void vi.useRealTimers());

it("writes each piece at once, then ends", async () => {
  const { response, socket } = await exchange();
  const write = vi.spyOn(response, "write");
  await writeEvents(response, endless("piece", 3));
  expect(write.mock.calls.map(([piece]) => String(piece))).toEqual(["piece 1", "piece 2", "piece 3"]);
  await once(response, "close");
  expect(response.writableFinished).toBe(true);
  socket.destroy();
});

it("stops reading the events of a client that has gone", async () => {
  const { response, socket } = await exchange();
  const closed = once(response, "close");
  socket.destroy();
  await closed;
  const source = endless("x");
  await expect(writeEvents(response, source)).rejects.toBeInstanceOf(ClientGone);
  expect(await source.next()).toEqual({ done: true, value: undefined });
});

it("gives up when the client goes while it does not read", async () => {
  const { response, socket, full } = await exchange();
  const written = writeEvents(response, full);
  const gone = expect(written).rejects.toBeInstanceOf(ClientGone);
  await full.stalled;
  socket.destroy();
  await gone;
});

it("gives up on a client that does not read for a minute, not before", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { response, full } = await exchange();
  let outcome: unknown;
  const written = writeEvents(response, full).catch((error) => {
    outcome = error;
  });
  await full.stalled;
  await vi.advanceTimersByTimeAsync(59_000);
  expect(outcome).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2_000);
  await written;
  expect(outcome).toBeInstanceOf(ClientGone);
  expect(vi.getTimerCount()).toBe(0);
});

it("goes on when the client reads again, and leaves nothing behind", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { response, socket, full } = await exchange();
  const listeners = response.listenerCount("close");
  const written = writeEvents(response, full);
  await full.stalled;
  full.finish();
  socket.resume();
  await written;
  expect(response.listenerCount("drain")).toBe(0);
  expect(response.listenerCount("close")).toBe(listeners);
  expect(vi.getTimerCount()).toBe(0);
});

/** A response whose client reads nothing until it is told to. */
async function exchange() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket: Socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { response, socket, full: filling(response) };
}

async function* endless(text: string, count = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  for (let index = 1; index <= count; index++) yield Buffer.from(`${text} ${index}`);
}

/** Events until told to finish; `stalled` settles when the response has no room for more. */
function filling(response: ServerResponse) {
  const stalled = Promise.withResolvers<void>();
  let finished = false;
  // `drain` is what is waited for from the moment at which there is no room.
  response.on("newListener", (event) => {
    if (event === "drain" && response.socket !== null && response.socket.writableLength > 1024 * 1024)
      stalled.resolve();
  });
  const piece = Buffer.alloc(4 * 1024 * 1024, "x");
  return {
    stalled: stalled.promise,
    finish: () => {
      finished = true;
    },
    async *[Symbol.asyncIterator]() {
      while (!finished) yield piece;
    },
  };
}
