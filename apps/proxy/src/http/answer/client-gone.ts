import type { ServerResponse } from "node:http";
import { onClosed } from "./on-closed.ts";

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
  onClosed(response, () => {
    if (!response.writableFinished) controller.abort(new ClientGone());
  });
  return controller.signal;
}
