import type { Attempt } from "llamaduct";

/** Why a request was turned away. */
export type ShedReason = "in_flight" | "event_loop" | "memory";

/** What is known of one request when it has ended: for the log, the metrics and the page. No prompt, no key, no answer. */
export interface RequestRecord {
  readonly id: string;
  readonly method: string;
  /** As it is registered: `/v1/chat/completions`, not what a client typed. */
  readonly route: string;
  readonly status: number;
  readonly outcome: "finished" | "failed" | "client_gone";
  /** OpenAI's `error.code` of a failure. */
  readonly errorCode?: string | undefined;
  /** Our own sentence, as the client was told it; never an upstream's text. */
  readonly errorMessage?: string | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly totalMs: number;
  /** To the first part that carries an answer. */
  readonly firstPartMs?: number | undefined;
  readonly stream: boolean;
  /** What the client asked for: a name from the configuration, never free text in metrics. */
  readonly group?: string | undefined;
  readonly deploymentId?: string | undefined;
  /** `provider/model`. */
  readonly model?: string | undefined;
  readonly apiBase?: string | undefined;
  /** The group that was asked last: another one than `group` after a fallback. */
  readonly lastGroup?: string | undefined;
  readonly attempts?: number | undefined;
  /** Those of them that failed before the last one was made. */
  readonly failedAttempts?: readonly Attempt[] | undefined;
  /** Of all upstream calls: from the first one's start to the last one's end. */
  readonly upstreamMs?: number | undefined;
  /** As the host says: what it took to have the model in memory. */
  readonly loadMs?: number | undefined;
  readonly fallbacks?: number | undefined;
  readonly keyName?: string | undefined;
  readonly endUser?: string | undefined;
  /** Why it was turned away, when the proxy was busy. */
  readonly shed?: ShedReason | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

/** Whether it asked for a model's work: listings, probes and scrapes are no traffic. */
export function asksModel({ method }: RequestRecord): boolean {
  return method === "POST";
}
