import type { ProviderError } from "@llamaduct/core";
import { failureKind } from "./failure-kind.ts";
import type { RoutingOptions } from "./routing-options.ts";

const DEFAULT_RETRIES = 2;

export interface RetryLimit {
  readonly retries: number;
  /** Somebody said a number. Otherwise only a deployment that did no work is asked a second time. */
  readonly isExplicit: boolean;
  /** It was said of this kind of failure. */
  readonly isOfKind: boolean;
}

export interface RetryQuestion {
  readonly group: string;
  /** What the request itself says, which wins over what its deployment says. */
  readonly asked: number | undefined;
  readonly ofDeployment: number | undefined;
}

/** How often a request may be tried again after a failure. A policy that knows the kind of it replaces every number. */
export function retryLimit(error: ProviderError, question: RetryQuestion, options: RoutingOptions): RetryLimit {
  const kind = failureKind(error);
  const ofGroup = options.groupRetryPolicy?.[question.group];
  const policy = options.retryPolicy;
  const ofKind = ofGroup?.[kind] ?? policy?.[kind] ?? ofGroup?.Default ?? policy?.Default;
  const number = ofKind ?? question.asked ?? question.ofDeployment ?? options.retries;
  return { retries: number ?? DEFAULT_RETRIES, isExplicit: number !== undefined, isOfKind: ofKind !== undefined };
}
