import { errorRule, type ProviderError, type ProviderErrorCode } from "@llamaduct/core";
import { type RetryLimit, type RetryQuestion, retryLimit } from "./retry-limit.ts";
import type { RoutingOptions } from "./routing-options.ts";

/** What may be done in a group after one of its deployments has failed a request. */
export interface AfterFailure {
  /** Another deployment of the same tier may be asked. */
  readonly mayAskOther: boolean;
  /** That costs nothing, as no work was done in vain. Otherwise it is a retry. */
  readonly isFree: boolean;
  /** When nobody else is left: after how long the ones that failed may be asked once more. That is a retry. */
  readonly againMs: number | undefined;
}

export interface Situation extends RetryQuestion {
  /** Used up so far. */
  readonly retries: number;
  /** Retries of all requests together are not too many already. */
  readonly hasBudget: boolean;
  /** Our own queue or limit said no, not the deployment. */
  readonly isRefusal: boolean;
  readonly hasFallbacks: boolean;
  readonly options: RoutingOptions;
  readonly random: () => number;
}

/** `undefined`: the failure is the group's answer. */
export function afterFailure(error: ProviderError, situation: Situation): AfterFailure | undefined {
  const { retries, hasBudget, isRefusal, hasFallbacks } = situation;
  const limit = retryLimit(error, situation, situation.options);
  const { failover } = errorRule(error);
  const isAllowed = failover || error.code === "upstream_auth_failed" || (isTimeout(error) && limit.isOfKind);
  if (!isAllowed) return undefined;
  const isFree = UNSERVED.has(error.code) && !limit.isOfKind;
  const mayRetry = retries < limit.retries && hasBudget;
  // By default only who was busy is asked again: the others have done what they can, or are away.
  const isWorthIt = limit.isExplicit ? !LASTING.has(error.code) : BUSY.has(error.code);
  const mayAskAgain = mayRetry && isWorthIt && !isRefusal && !(BUSY.has(error.code) && hasFallbacks);
  return {
    mayAskOther: isFree || mayRetry,
    isFree,
    againMs: mayAskAgain ? waitMs(error, situation, limit) : undefined,
  };
}

/** Whether another group may answer in place of one that failed like this. */
export function fallsBack({ code }: ProviderError): boolean {
  return code !== "invalid_value" && code !== "provider_error";
}

const BUSY: ReadonlySet<ProviderErrorCode> = new Set(["rate_limit_exceeded", "upstream_busy"]);
/** Will be no better in a moment. */
const LASTING: ReadonlySet<ProviderErrorCode> = new Set(["model_not_found", "upstream_auth_failed"]);
/** The request was turned away before anybody worked on it. */
const UNSERVED: ReadonlySet<ProviderErrorCode> = new Set([...BUSY, ...LASTING, "upstream_connection_failed"]);

function isTimeout({ code }: ProviderError): boolean {
  return code.endsWith("_timeout");
}

/** A client that is told to come back does so better itself, unless somebody wants it done here. */
const SHORT_MS = 1000;
const MOST_MS = 60_000;

function waitMs(
  { retryAfterMs = 0 }: ProviderError,
  { retries, random, options }: Situation,
  { isExplicit }: RetryLimit,
): number | undefined {
  if (retryAfterMs > (isExplicit ? MOST_MS : SHORT_MS)) return undefined;
  const backOffMs = Math.min(500 * 2 ** retries, 8000) * (0.5 + 0.5 * random());
  return Math.max(backOffMs, retryAfterMs, options.retryAfterMs ?? 0);
}
