import type { ServerResponse } from "node:http";
import { ClientGone } from "./client-gone.ts";

/** How long a client may stop reading before it counts as gone: its slot on the upstream is worth more. */
const STALL_MS = 60_000;

/** Writes a stream of events, one write for what arrived together, no faster than the client reads. */
export async function writeEvents(response: ServerResponse, events: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of events) {
    if (response.destroyed) throw new ClientGone();
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => () => {
      clearTimeout(stall);
      response.off("close", onClose);
      outcome();
    };
    const onClose = settle(() => reject(new ClientGone()));
    const stall = setTimeout(onClose, STALL_MS);
    response.once("drain", settle(resolve));
    response.once("close", onClose);
  });
}
