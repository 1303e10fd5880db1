import type { CallObserver, CallOptions, LoadedModel } from "@llamaduct/core";
import type { LoadingModel } from "@llamaduct/router";

/**
 * What a caller may say beside a request. A request's body may say the same in LiteLLM's words (`timeout`,
 * `stream_timeout`, `num_retries`, `tags`, `fallbacks`); what is said here wins.
 */
export interface LlamaductCall extends CallOptions {
  /** Milliseconds for the whole answer. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds to the first part of a streamed answer. */
  readonly streamTimeoutMs?: number | undefined;
  readonly retries?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  /** A conversation: it prefers the deployment that served it before. */
  readonly session?: string | undefined;
  /** Who asks; queues are fair between callers. */
  readonly caller?: string | undefined;
  /** The client's own headers, for deployments that choose by them. Never sent upstream. */
  readonly requestHeaders?: Readonly<Record<string, string>> | undefined;
  /** Told of every attempt as it begins, so that a failed call can say where it went, too. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Asked after it for what is sent with that attempt, beside `headers`. */
  readonly attemptHeaders?: ((attempt: Attempt) => Readonly<Record<string, string>>) | undefined;
  /** Sees the upstream calls of this request, beside the engine's own observer. */
  readonly observer?: CallObserver | undefined;
}

/** One deployment being asked. */
export interface Attempt {
  /** The group: what clients ask for. */
  readonly group: string;
  /** The group that the request named: another one after a fallback, even one that nobody was asked of. */
  readonly requestedGroup: string;
  readonly deploymentId: string;
  /** `provider/model`. */
  readonly model: string;
  /** Where it is, without credentials and query; `undefined` for a provider's own default. */
  readonly apiBase: string | undefined;
  /** Attempts of this request so far, this one included. */
  readonly attempts: number;
  /** Groups left behind so far. */
  readonly fallbacks: number;
}

/** How one deployment is, from memory: no upstream is asked. */
export interface DeploymentState {
  readonly id: string;
  readonly group: string;
  readonly model: string;
  readonly apiBase: string | undefined;
  readonly healthy: boolean;
  /** Why it is not healthy, in our words. */
  readonly reason?: string | undefined;
  readonly inFlight: number;
  readonly queued: number;
  /** When its host last answered, milliseconds since 1970; `undefined`: not yet. */
  readonly seenAt?: number | undefined;
  /** Models its host has loaded now; `undefined` when it does not tell. */
  readonly loaded?: readonly LoadedModel[] | undefined;
  /** Models that requests have its host load now, and for how long; a host that does not tell what is loaded has none. */
  readonly loading?: readonly LoadingModel[] | undefined;
}
