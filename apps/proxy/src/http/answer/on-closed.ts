import type { ServerResponse } from "node:http";

const CALLBACKS: unique symbol = Symbol("onClosed");

/** Those who wait for a response's end, behind one pair of listeners. */
type Awaited = ServerResponse & { [CALLBACKS]?: (() => void)[] };

/** Calls back once, when a response is over: written whole, or left by its client. At once when it is over already. */
export function onClosed(response: Awaited, callback: () => void): void {
  if (response.destroyed || response.req.socket.destroyed) callback();
  else if (response[CALLBACKS] !== undefined) response[CALLBACKS].push(callback);
  else waitFor(response, callback);
}

function waitFor(response: Awaited, first: () => void): void {
  const { socket } = response.req;
  const callbacks = [first];
  response[CALLBACKS] = callbacks;
  const close = () => {
    response.off("close", close);
    socket.off("close", close);
    // Of one socket's end both tell, in the course of which taking the other's listener away comes too late.
    for (const callback of callbacks.splice(0)) callback();
  };
  response.once("close", close);
  // Node 22 tells a response nothing that waits its turn behind another one on the connection.
  socket.once("close", close);
}
