import { z } from "zod";
import {
  asChanged,
  HONOURED,
  honoured,
  ignored,
  type Judge,
  judged,
  seconds,
  section,
  text,
  wholeNumber,
} from "./config-key.ts";

/** What may stand in `litellm_settings` and in `router_settings`; the latter wins. */
export interface ReliabilitySettings {
  readonly num_retries?: number | undefined;
  readonly fallbacks?: FallbackList | undefined;
  readonly default_fallbacks?: readonly Fallback[] | undefined;
  readonly context_window_fallbacks?: FallbackList | undefined;
  readonly max_fallbacks?: number | undefined;
  readonly allowed_fails?: number | undefined;
  /** Seconds. */
  readonly cooldown_time?: number | undefined;
}

/** `TimeoutErrorRetries: 2`, `TimeoutErrorAllowedFails: 2`. */
export type Policy = Readonly<Record<string, number | undefined>>;

/** Maps from a group to those asked in its place. */
export type FallbackList = readonly Readonly<Record<string, readonly Fallback[]>>[];
/** A group, or one with parameters that replace the request's. */
export type Fallback = string | { readonly model: string };

const targets: z.ZodType<readonly Fallback[]> = z.array(
  z.union([text, z.looseObject({ model: text })], "must be a model's name, or a map with a model"),
  "must be a list of models",
);
const fallbackList: z.ZodType<FallbackList> = z.array(
  z.record(z.string(), targets, "must be a map from a model to its fallbacks"),
  "must be a list of maps",
);

const judgeTargets: Judge = (value) => {
  const all = (value as FallbackList | readonly Fallback[]).flatMap(fallbacksIn);
  const hasParameters = all.some((each) => typeof each === "object" && Object.keys(each).length > 1);
  return hasParameters ? asChanged("Of a fallback with parameters only its model counts.") : HONOURED;
};

function fallbacksIn(item: FallbackList[number] | Fallback): readonly Fallback[] {
  // The schemas tell the two apart: a fallback is a text, or has a model that is one.
  const isFallback = typeof item === "string" || typeof item["model"] === "string";
  return isFallback ? [item as Fallback] : Object.values(item as FallbackList[number]).flat();
}

export const reliabilityKeys: { readonly [Key in keyof ReliabilitySettings]-?: z.ZodType<ReliabilitySettings[Key]> } = {
  num_retries: honoured(wholeNumber, "Retries within a group after the first attempt. Default: 2."),
  fallbacks: judged(fallbackList, "Per group, the groups that are asked when it fails, in order.", judgeTargets),
  default_fallbacks: judged(targets, "For groups that have no fallbacks of their own.", judgeTargets),
  context_window_fallbacks: judged(fallbackList, "For requests that are too long for a group.", judgeTargets),
  max_fallbacks: honoured(wholeNumber, "Fallbacks that are followed for one request. Default: 5."),
  allowed_fails: honoured(wholeNumber, "Failures a minute that a deployment may have. Default: a breaker decides."),
  cooldown_time: honoured(seconds, "Seconds that a failed deployment is left alone. Default: 5."),
};

const KINDS = [
  "BadRequest",
  "Authentication",
  "Timeout",
  "RateLimit",
  "InternalServer",
  "ServiceUnavailable",
  "BadGateway",
  "NotFound",
];

export function policy(suffix: "Retries" | "AllowedFails"): z.ZodType<Policy> {
  const keys = KINDS.map((kind) => [`${kind}Error${suffix}`, honoured(wholeNumber, `For ${kind} errors.`)] as const);
  return section({
    ...Object.fromEntries(keys),
    [`Default${suffix}`]: honoured(wholeNumber, "For every other error."),
    [`ContentPolicyViolationError${suffix}`]: ignored("No host here refuses by a content policy."),
  }) as z.ZodType<Policy>;
}
