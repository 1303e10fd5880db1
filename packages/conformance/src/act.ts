import type { UpstreamRequest } from "./target.ts";

/** What the upstream does with one request. */
export interface Act {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent one by one. */
  readonly pieces: readonly (string | Uint8Array)[];
  /** `hang` keeps the connection open and says nothing more; `break` closes it before the body has ended. Default `end`. */
  readonly then?: "end" | "hang" | "break" | undefined;
  /** Hold back the pieces from this one on until the promise resolves. */
  readonly pause?: { readonly at: number; readonly until: Promise<void> } | undefined;
}

/** `silent`: takes the request and answers nothing. */
export type Play = (request: UpstreamRequest) => Act | "silent";
