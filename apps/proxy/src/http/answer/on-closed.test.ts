import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { onClosed } from "./on-closed.ts";

it.each([
  ["is written", (response: ServerResponse) => void response.end("whole")],
  ["is destroyed", (response: ServerResponse) => void response.destroy()],
  ["loses its client", (response: ServerResponse) => void response.socket?.destroy()],
])("calls back once when a response %s, and at once afterwards", async (_, end) => {
  const { response } = await exchange();
  const { socket } = response.req;
  const callback = vi.fn();
  onClosed(response, callback);
  expect(callback).not.toHaveBeenCalled();
  const closed = once(socket, "close");
  end(response);
  socket.end();
  await closed;
  expect(callback).toHaveBeenCalledTimes(1);
  onClosed(response, callback);
  expect(callback).toHaveBeenCalledTimes(2);
});

async function exchange() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.on("error", () => {}).resume();
  client.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return { response };
}
