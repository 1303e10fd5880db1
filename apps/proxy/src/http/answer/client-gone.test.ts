import { once } from "node:events";
import { Agent, createServer, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { ClientGone, clientGone } from "./client-gone.ts";

it("aborts when the client leaves", async () => {
  const { ask } = await server();
  const { response, leave } = await ask();
  const signal = clientGone(response);
  leave();
  await once(signal, "abort");
  expect(signal.reason).toBeInstanceOf(ClientGone);
});

it("is aborted for a client that has left", async () => {
  const { ask } = await server();
  const { response, leave } = await ask();
  const closed = once(response, "close");
  leave();
  await closed;
  expect(clientGone(response).aborted).toBe(true);
});

it("does not abort after a whole answer, and leaves nothing on the connection", async () => {
  const { ask } = await server();
  const listeners: number[] = [];
  for (let index = 0; index < 3; index++) {
    const { response, read } = await ask();
    const { socket } = response;
    const signal = clientGone(response);
    const closed = once(response, "close");
    response.end("done");
    await Promise.all([closed, read()]);
    expect(signal.aborted).toBe(false);
    listeners.push(socket?.listenerCount("close") ?? Number.NaN);
  }
  expect(new Set(listeners).size).toBe(1);
});

/** A server whose requests are answered by the test, over one connection. */
async function server() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  async function ask() {
    const sent = request({ port, agent });
    const answered = once(sent, "response");
    sent.on("error", () => {});
    answered.catch(() => {});
    sent.end();
    const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
    const read = async () => {
      const [message] = await answered;
      message.resume();
      await once(message, "close");
    };
    return { response, leave: () => sent.destroy(), read };
  }
  return { ask };
}
