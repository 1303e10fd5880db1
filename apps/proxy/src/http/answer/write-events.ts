import type { ServerResponse } from "node:http";
import { DEFAULT_LIMITS, type Limits } from "../../config/limits.ts";
import { answerTooLarge } from "./answer-too-large.ts";
import { ClientGone } from "./client-gone.ts";

/**
 * Writes a stream of events, one write for what arrived together, no faster than the client reads. A client that stops
 * reading for too long counts as gone: its slot on the upstream is worth more. Throws for too long an answer.
 */
export async function writeEvents(
  response: ServerResponse,
  events: AsyncIterable<Uint8Array>,
  { stallMs, responseBytes }: Pick<Limits, "stallMs" | "responseBytes"> = DEFAULT_LIMITS,
): Promise<void> {
  let bytes = 0;
  for await (const piece of events) {
    if (response.destroyed) throw new ClientGone();
    bytes += piece.byteLength;
    if (bytes > responseBytes) throw answerTooLarge(responseBytes);
    if (!response.write(piece)) await drained(response, stallMs);
  }
  response.end();
}

function drained(response: ServerResponse, stallMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => () => {
      clearTimeout(stall);
      response.off("close", onClose);
      outcome();
    };
    const onClose = settle(() => reject(new ClientGone()));
    const stall = setTimeout(onClose, stallMs);
    response.once("drain", settle(resolve));
    response.once("close", onClose);
  });
}
