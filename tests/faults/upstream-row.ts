import type { DeadlineOptions, ProviderErrorCode } from "../../packages/core/src/index.ts";
import type { Reply } from "../../packages/ollama-emulator/src/index.ts";

/** An upstream that goes wrong, and what comes of it: a row of A or B of the fault matrix, or one case of it. */
export interface UpstreamRow {
  readonly id: string;
  readonly fault: string;
  /** What the upstream does with the first request; with later ones where it says how many `times`. Or who is there instead. */
  readonly upstream: Reply | { readonly instead: "nobody" | "no-such-name" | "no-tls" | "self-signed" | "silent-tls" };
  /** The text that a streaming client gets, whatever comes after it. Default: none. */
  readonly text?: string | undefined;
  /** How it ends: with this failure, for a stream that has begun in an event of its own; or well. */
  readonly ends: Failure | "well";
  /** `finish_reason` of one that ends well. Default: `stop`. */
  readonly finish?: "stop" | "length" | "tool_calls" | undefined;
  /** How often one upstream alone is asked. Default: once. */
  readonly attempts?: number | undefined;
  /** With a second upstream that is well: it answers in the first one's place. */
  readonly failsOver: boolean;
  /** Five of these in a row, and nobody is sent there for a while. */
  readonly opensBreaker: boolean;
  /** We hang up, not the upstream. */
  readonly cancelled?: true | undefined;
  /** A request has been answered on the same connection before. */
  readonly reused?: true | undefined;
  /** Added to the request. */
  readonly request?: object | undefined;
  readonly deadlines?: DeadlineOptions | undefined;
  /** `retry-after` that the client is told, seconds. */
  readonly retryAfter?: string | undefined;
}

/** HTTP status and `error.code`. */
export type Failure = `${number} ${ProviderErrorCode}`;

type Outcome = Pick<UpstreamRow, "ends" | "failsOver" | "opensBreaker">;

export const failed: Outcome = { ends: "502 upstream_error", failsOver: true, opensBreaker: true };
export const well: Outcome = { ends: "well", failsOver: false, opensBreaker: false };
