import { ProviderError } from "@llamaduct/core";
import { hostOf } from "./target.ts";

/** How far an exchange had come: no connection, nothing heard, some bytes of a head, a whole head. */
export type Phase = "connecting" | "waiting" | "head" | "body";

/** The `code` of an address that `allowAddress` refused. */
export const ADDRESS_REFUSED = "ADDRESS_REFUSED";

export interface FailurePlace {
  readonly phase: Phase;
  readonly url: URL;
}

/**
 * What a failed exchange throws. Its code and its words are loaded by the first one; where they cannot be had, as on a page
 * that has lost its server, it is told plainly.
 */
export async function transportFailure(error: unknown, at: FailurePlace): Promise<ProviderError> {
  try {
    const { toTransportError } = await import("./transport-error.ts");
    return toTransportError(error, at);
  } catch {
    // The exchange's own failure is what matters.
    const code = at.phase === "body" ? "upstream_stream_interrupted" : "upstream_connection_failed";
    return new ProviderError({ code, message: `The connection to ${hostOf(at.url)} failed.`, cause: error });
  }
}
