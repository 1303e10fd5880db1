import type { ServerResponse } from "node:http";
import { onClosed } from "./on-closed.ts";

/** Why a call was aborted; nobody is left to be told. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
  constructor() {
    super("The client closed the connection.");
  }
}

/** One for all: whoever aborts with an error pays for its stack, and a thousand clients may leave at once. */
const GONE = new ClientGone();

/**
 * Aborts when the client leaves before its answer is complete, or with the reason of `ending` when nobody may wait any
 * longer. Only the response's `close` tells of a client: the request's own, and Fastify's `request.signal`, fire as soon
 * as the body has been read.
 */
export function clientGone(response: ServerResponse, ending?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  // Not `AbortSignal.any`, which keeps every response that there ever was.
  const end = () => controller.abort(ending?.reason);
  ending?.addEventListener("abort", end, { once: true });
  if (ending?.aborted) end();
  onClosed(response, () => {
    ending?.removeEventListener("abort", end);
    if (!response.writableFinished) controller.abort(GONE);
  });
  return controller.signal;
}
