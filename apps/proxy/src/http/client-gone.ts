import type { ServerResponse } from "node:http";

/** Why a call was aborted; nobody is left to be told. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
  constructor() {
    super("The client closed the connection.");
  }
}

/**
 * Aborts when the client leaves before its answer is complete. Only the response's `close` tells: the request's own,
 * and Fastify's `request.signal`, fire as soon as the body has been read.
 */
export function clientGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const { socket } = response.req;
  const onClose = () => {
    socket.off("close", onClose);
    if (!response.writableFinished) controller.abort(new ClientGone());
  };
  if (response.destroyed || socket.destroyed) onClose();
  else {
    response.once("close", onClose);
    // Node 22 tells a response nothing that waits its turn behind another one on the connection.
    socket.once("close", onClose);
  }
  return controller.signal;
}
