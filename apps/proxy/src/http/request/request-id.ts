import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export const REQUEST_ID = "x-request-id";
/** LiteLLM's name for it. */
export const CALL_ID = "x-litellm-call-id";

/** The client's own id for its request, when it is one that logs and headers can carry, else a new one. */
export function requestId({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  return sane(headers[REQUEST_ID]) ?? sane(headers[CALL_ID]) ?? randomUUID();
}

export function callId({ headers, id }: { readonly headers: IncomingHttpHeaders; readonly id: string }): string {
  return sane(headers[CALL_ID]) ?? id;
}

function sane(given: string | readonly string[] | undefined): string | undefined {
  return typeof given === "string" && /^[\w.:+/=-]{1,128}$/.test(given) ? given : undefined;
}
