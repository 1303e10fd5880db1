import type { ServerResponse } from "node:http";

/** Calls back once, when a response is over: written whole, or left by its client. At once when it is over already. */
export function onClosed(response: ServerResponse, callback: () => void): void {
  const { socket } = response.req;
  let isOver = false;
  const close = () => {
    // Of one socket's end both tell, in the course of which taking the other's listener away comes too late.
    if (isOver) return;
    isOver = true;
    response.off("close", close);
    socket.off("close", close);
    callback();
  };
  if (response.destroyed || socket.destroyed) close();
  else {
    response.once("close", close);
    // Node 22 tells a response nothing that waits its turn behind another one on the connection.
    socket.once("close", close);
  }
}
