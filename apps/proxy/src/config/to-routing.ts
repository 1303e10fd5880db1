import type { FailurePolicy, LatencyOptions, RoutingOptions, Strategy } from "@llamaduct/router";
import { StartError } from "../cli/start-error.ts";
import type { Environment } from "./fill-environment.ts";
import type { Config } from "./schema/config-schema.ts";
import type { Fallback, FallbackList, Policy } from "./schema/reliability-schema.ts";
import type { RouterSettings, StrategyArguments, StrategyName } from "./schema/router-settings-schema.ts";

/** `router_settings`, what `litellm_settings` says of the same, and `llamaduct.queue`. */
export function toRouting(config: Config, environment: Environment): RoutingOptions {
  const { litellm_settings: general = {}, router_settings: router = {}, llamaduct = {} } = config;
  const number = (name: string) => toNumber(name, environment);
  const cooldown = router.cooldown_time ?? general.cooldown_time ?? number("DEFAULT_COOLDOWN_TIME_SECONDS");
  const checks = router.optional_pre_call_checks ?? [];
  const strategy = llamaduct.routing_strategy ?? router.routing_strategy;
  const fallbacks = {
    ...toDefault(router.default_fallbacks ?? general.default_fallbacks),
    ...toFallbacks(router.fallbacks ?? general.fallbacks),
  };
  return withoutUndefined({
    strategy: strategy && toStrategy(strategy),
    latency: toLatency(router.routing_strategy_args),
    retries: router.num_retries ?? general.num_retries ?? number("DEFAULT_MAX_RETRIES"),
    retryAfterMs: toMs(router.retry_after),
    retryPolicy: router.retry_policy && toPolicy(router.retry_policy),
    groupRetryPolicy: router.model_group_retry_policy && mapValues(router.model_group_retry_policy, toPolicy),
    fallbacks: isEmpty(fallbacks) ? undefined : fallbacks,
    contextWindowFallbacks: toFallbacks(router.context_window_fallbacks ?? general.context_window_fallbacks),
    maxFallbacks: router.max_fallbacks ?? general.max_fallbacks ?? number("ROUTER_MAX_FALLBACKS"),
    cooldowns: router.disable_cooldowns === true ? false : undefined,
    cooldownMs: toMs(cooldown),
    allowedFails: router.allowed_fails ?? general.allowed_fails,
    allowedFailsPolicy: router.allowed_fails_policy && toPolicy(router.allowed_fails_policy),
    preCallChecks: router.enable_pre_call_checks ?? router.enable_pre_call_check,
    enforceRateLimits: checks.includes("enforce_model_rate_limits") ? true : undefined,
    tags: toTags(router),
    maxParallelRequests: router.default_max_parallel_requests,
    queue:
      llamaduct.queue &&
      withoutUndefined({ length: llamaduct.queue.length, deadlineMs: toMs(llamaduct.queue.deadline) }),
    affinityTtlMs: toMs(router.deployment_affinity_ttl_seconds),
    routingGroups: router.routing_groups?.map((group) =>
      withoutUndefined({
        name: group.group_name,
        models: group.models,
        strategy: toStrategy(group.routing_strategy),
        latency: toLatency(group.routing_strategy_args),
      }),
    ),
    status: llamaduct.status_interval === undefined ? undefined : { intervalMs: llamaduct.status_interval * 1000 },
  });
}

/** Of a policy's keys, `TimeoutErrorRetries` and `DefaultRetries`, the kind is what the router goes by. */
export function toPolicy(policy: Policy): FailurePolicy {
  const entries = Object.entries(policy).map(([key, count]) => [
    key.replace(/(Error)?(Retries|AllowedFails)$/, ""),
    count,
  ]);
  return Object.fromEntries(entries.filter(([kind]) => kind !== "ContentPolicyViolation"));
}

export function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

export function withoutUndefined<Value extends object>(value: Value): Value {
  // What is left has the types that it had; every key that goes is one that may be absent.
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}

/** Where there is no price to go by, chance decides. */
function toStrategy(name: StrategyName): Strategy {
  if (name === "cost-based-routing" || name === "provider-budget-routing" || name === "lar1") return "simple-shuffle";
  return name;
}

function toLatency(given: StrategyArguments | undefined): LatencyOptions | undefined {
  const { ttl, lowest_latency_buffer: buffer, max_latency_list_size: samples } = given ?? {};
  const latency = withoutUndefined({ windowMs: toMs(ttl), buffer, samples });
  return isEmpty(latency) ? undefined : latency;
}

function toFallbacks(list: FallbackList | undefined): Readonly<Record<string, readonly string[]>> | undefined {
  const entries = list?.flatMap((map) => Object.entries(map)) ?? [];
  // Of a group that is there twice LiteLLM reads the first.
  return entries.length === 0 ? undefined : mapValues(Object.fromEntries(entries.reverse()), toNames);
}

function toDefault(list: readonly Fallback[] | undefined): Readonly<Record<string, readonly string[]>> {
  return list === undefined ? {} : { "*": toNames(list) };
}

function toNames(list: readonly Fallback[]): readonly string[] {
  return list.map((each) => (typeof each === "string" ? each : each.model));
}

function toTags({
  enable_tag_filtering: enabled,
  tag_filtering_match_any: matchAny,
}: RouterSettings): RoutingOptions["tags"] {
  return enabled === undefined ? undefined : withoutUndefined({ enabled, matchAny });
}

/** A number of the environment, if it is set there. Throws a `StartError`. */
export function toNumber(name: string, environment: Environment): number | undefined {
  const text = environment[name] || undefined;
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new StartError(`The environment variable ${name} must be a number, not "${text}".`);
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
