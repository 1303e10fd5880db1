import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { createHeartbeat } from "./heartbeat.ts";

it("adds nothing to what a client does not read", async () => {
  const response = await responseToNobody();
  response.writeHead(200);
  response.write(Buffer.alloc(64 * 1024 * 1024));
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const heartbeat = createHeartbeat(response, () => {});
  const write = vi.spyOn(response, "write");
  heartbeat.every(1000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(write).not.toHaveBeenCalled();
  heartbeat.stop();
  expect(vi.getTimerCount()).toBe(0);
});

/** A response whose client never reads. */
async function responseToNobody(): Promise<ServerResponse> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
  socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
  return response;
}
