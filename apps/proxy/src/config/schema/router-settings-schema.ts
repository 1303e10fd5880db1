import { z } from "zod";
import {
  always,
  asChanged,
  asIgnored,
  changed,
  flag,
  HONOURED,
  honoured,
  ignored,
  ignoredKeys,
  type Judge,
  judged,
  number,
  required,
  seconds,
  section,
  text,
  texts,
  timeLimit,
  wholeNumber,
} from "./config-key.ts";
import { type ParameterDefaults, parameterDefaults } from "./model-list-schema.ts";
import { type Policy, policy, type ReliabilitySettings, reliabilityKeys } from "./reliability-schema.ts";

/** `router_settings`. Times are seconds. */
export interface RouterSettings extends ReliabilitySettings {
  readonly routing_strategy?: StrategyName | undefined;
  readonly routing_strategy_args?: StrategyArguments | undefined;
  readonly retry_after?: number | undefined;
  readonly retry_policy?: Policy | undefined;
  readonly model_group_retry_policy?: Readonly<Record<string, Policy>> | undefined;
  readonly timeout?: number | undefined;
  readonly stream_timeout?: number | undefined;
  readonly model_group_alias?: Readonly<Record<string, string | AliasEntry>> | undefined;
  readonly allowed_fails_policy?: Policy | undefined;
  readonly disable_cooldowns?: boolean | undefined;
  readonly enable_pre_call_checks?: boolean | undefined;
  /** LiteLLM's own documentation spells it so in places. */
  readonly enable_pre_call_check?: boolean | undefined;
  readonly optional_pre_call_checks?: readonly string[] | undefined;
  readonly deployment_affinity_ttl_seconds?: number | undefined;
  readonly enable_tag_filtering?: boolean | undefined;
  readonly tag_filtering_match_any?: boolean | undefined;
  readonly default_max_parallel_requests?: number | undefined;
  readonly default_litellm_params?: ParameterDefaults | undefined;
  readonly redis_url?: string | undefined;
  readonly redis_host?: string | undefined;
  readonly redis_port?: number | undefined;
  readonly redis_db?: number | undefined;
  readonly redis_password?: string | undefined;
  readonly routing_groups?: readonly RoutingGroupEntry[] | undefined;
}

const STRATEGIES = [
  "simple-shuffle",
  "least-busy",
  "latency-based-routing",
  "usage-based-routing",
  "usage-based-routing-v2",
  "warm-first",
] as const;
/** LiteLLM's that go by prices, or by services of its own. */
const FOREIGN_STRATEGIES = ["cost-based-routing", "provider-budget-routing", "lar1"] as const;
export type StrategyName = (typeof STRATEGIES)[number] | (typeof FOREIGN_STRATEGIES)[number];

export interface StrategyArguments {
  readonly ttl?: number | undefined;
  readonly lowest_latency_buffer?: number | undefined;
  readonly max_latency_list_size?: number | undefined;
}

export interface AliasEntry {
  readonly model: string;
  readonly hidden?: boolean | undefined;
}

export interface RoutingGroupEntry {
  readonly group_name: string;
  readonly models: readonly string[];
  readonly routing_strategy: StrategyName;
  readonly routing_strategy_args?: StrategyArguments | undefined;
}

export const strategy: z.ZodType<StrategyName> = z.enum(
  [...STRATEGIES, ...FOREIGN_STRATEGIES],
  `must be one of ${STRATEGIES.join(", ")}`,
);
const judgeStrategy: Judge = (value) =>
  FOREIGN_STRATEGIES.some((name) => name === value)
    ? asChanged("Models of one's own have no price; simple-shuffle is used.")
    : HONOURED;

const strategyArguments: z.ZodType<StrategyArguments> = section({
  ttl: honoured(seconds, "Seconds that a measured latency counts. Default: 3600."),
  lowest_latency_buffer: honoured(number, "Share above the best latency that still counts as equal. Default: 0."),
  max_latency_list_size: honoured(wholeNumber, "Latencies that are kept per deployment. Default: 10."),
});

const AFFINITY = "Conversations always prefer the deployment that served them.";
const CHECKS: Readonly<Record<string, string>> = {
  prompt_caching: AFFINITY,
  session_affinity: AFFINITY,
  deployment_affinity: AFFINITY,
};
const judgeCheck: Judge = (value) => {
  if (value === "enforce_model_rate_limits") return HONOURED;
  const instead = CHECKS[String(value)];
  return instead === undefined ? asIgnored("There is no such check here.") : asChanged(instead);
};

const WATCHED = "Hosts are watched all the time, without inference.";

export const routerSettings: z.ZodType<RouterSettings> = section({
  ...reliabilityKeys,
  routing_strategy: judged(strategy, "How the requests of a group are spread. Default: simple-shuffle.", judgeStrategy),
  routing_strategy_args: strategyArguments.optional(),
  retry_after: honoured(seconds, "Least wait before a retry on the same deployment. Default: 0."),
  retry_policy: policy("Retries").optional(),
  model_group_retry_policy: z.record(z.string(), policy("Retries"), "must be a map from models to policies").optional(),
  timeout: honoured(timeLimit, "Seconds for a whole answer, where a deployment does not say."),
  stream_timeout: honoured(timeLimit, "Seconds until a stream begins, where a deployment does not say."),
  model_group_alias: honoured(
    z.record(
      z.string(),
      z.union([text, z.looseObject({ model: text, hidden: flag.optional() })], "must be a model, or a map with one"),
      "must be a map from names to models",
    ),
    "Other names for models.",
  ),
  allowed_fails_policy: policy("AllowedFails").optional(),
  disable_cooldowns: honoured(flag, "Asks a deployment that failed again at once."),
  enable_pre_call_checks: honoured(flag, "Leaves out deployments whose context is too small, before they are asked."),
  enable_pre_call_check: honoured(flag, "As enable_pre_call_checks."),
  optional_pre_call_checks: z.array(judged(text, "A check.", judgeCheck), "must be a list").optional(),
  deployment_affinity_ttl_seconds: honoured(seconds, "Seconds that a conversation prefers its deployment."),
  model_group_affinity_config: ignored(AFFINITY),
  enable_tag_filtering: honoured(flag, "Chooses deployments by a request's tags."),
  tag_filtering_match_any: honoured(flag, "One shared tag suffices. Default: true."),
  default_max_parallel_requests: honoured(wholeNumber, "Requests at a time per deployment that does not say."),
  default_litellm_params: parameterDefaults.optional(),
  redis_url: honoured(text, "Where limits and cooldowns of several proxies are kept."),
  redis_host: honoured(text, "As redis_url."),
  redis_port: honoured(wholeNumber, "Default: 6379."),
  redis_db: honoured(wholeNumber, "Default: 0."),
  redis_password: honoured(text, "The password of Redis."),
  routing_groups: z
    .array(
      section({
        group_name: honoured(text, "A name for the strategy."),
        models: required(texts, "The models it is for."),
        routing_strategy: judged(strategy, "Their strategy.", judgeStrategy),
        routing_strategy_args: strategyArguments.optional(),
      }),
      "must be a list",
    )
    .optional(),
  enable_weighted_failover: always(true, "What is left of a group is always tried before its fallbacks."),
  ignore_invalid_deployments: always(true, "An entry whose provider is not installed is left out, the rest serves."),
  enable_health_check_routing: changed(flag, WATCHED),
  ...ignoredKeys(
    WATCHED,
    "health_check_staleness_threshold",
    "health_check_ignore_transient_errors",
    "background_health_check_model_groups",
  ),
  ...ignoredKeys("Nothing is cached.", "cache_responses", "caching_groups", "cache_kwargs"),
  ...ignoredKeys("Waiting requests are served fairly, without priorities.", "default_priority", "polling_interval"),
  ...ignoredKeys("Nothing is priced.", "provider_budget_config"),
  ...ignoredKeys("Say --detailed_debug on the command line.", "set_verbose", "debug_level"),
  ...ignoredKeys("Connections are kept by themselves.", "client_ttl"),
  ...ignoredKeys("This has no counterpart here.", "alerting_config", "plugins", "tag_routing_prefix"),
}) as z.ZodType<RouterSettings>;
