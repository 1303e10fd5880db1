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
  seconds,
  section,
  text,
  timeLimit,
  wholeNumber,
} from "./config-key.ts";
import { type ReliabilitySettings, reliabilityKeys } from "./reliability-schema.ts";

/** `litellm_settings`. */
export interface LitellmSettings extends ReliabilitySettings {
  readonly drop_params?: boolean | undefined;
  /** Seconds. */
  readonly request_timeout?: number | undefined;
  /** Seconds. */
  readonly sse_keepalive_ping_interval_seconds?: number | undefined;
  readonly model_alias_map?: Readonly<Record<string, string>> | undefined;
  readonly cache?: boolean | undefined;
  readonly cache_params?: CacheParams | undefined;
}

export interface CacheParams {
  readonly type?: string | undefined;
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly db?: number | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly ssl?: boolean | undefined;
  readonly namespace?: string | undefined;
}

const NO_CACHE = "Answers are not cached.";
const NO_PRICE = "Nothing is priced here, and no budget is kept.";
const NO_CALLBACK = "Python does not run here; /metrics tells Prometheus, and the log is JSON.";
const NO_METRICS_SHAPE = "/metrics has one shape.";
const NO_ACCOUNTS = "There are no users or teams; keys stand under llamaduct.keys.";
const SHARED = "Limits and cooldowns are shared through this Redis; answers are not cached.";

/** `prometheus`, alone or in a list, is what `/metrics` does. */
const judgeCallbacks: Judge = (value) => {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const others = all.filter((each) => each !== "prometheus");
  if (others.length === 0) return HONOURED;
  return others.length === all.length ? asIgnored(NO_CALLBACK) : asChanged(NO_CALLBACK);
};
const callbacks = (): z.ZodOptional<z.ZodUnknown> => judged(z.unknown(), "Where calls are told of.", judgeCallbacks);

const judgeCacheType: Judge = (value) => (value === "redis" ? asChanged(SHARED) : asIgnored(NO_CACHE));

const cacheParams: z.ZodType<CacheParams> = section({
  type: judged(text, "Only redis counts.", judgeCacheType),
  url: honoured(text, "Where Redis is."),
  host: honoured(text, "Where Redis is."),
  port: honoured(wholeNumber, "Default: 6379."),
  db: honoured(wholeNumber, "Default: 0."),
  username: honoured(text, "The user of Redis."),
  password: honoured(text, "The password of Redis."),
  ssl: honoured(flag, "TLS to `host`. Default: false."),
  namespace: honoured(text, "Before the name of everything in Redis. Default: `llamaduct`."),
  ...ignoredKeys(
    NO_CACHE,
    "ttl",
    "default_in_memory_ttl",
    "default_in_redis_ttl",
    "mode",
    "supported_call_types",
    "similarity_threshold",
    "redis_semantic_cache_embedding_model",
    "redis_semantic_cache_index_name",
    "disk_cache_dir",
    "max_connections",
    "redis_startup_nodes",
    "service_name",
    "sentinel_nodes",
    "sentinel_password",
    "s3_bucket_name",
    "s3_region_name",
    "s3_endpoint_url",
    "qdrant_api_base",
    "qdrant_collection_name",
    "qdrant_quantization_config",
    "qdrant_semantic_cache_embedding_model",
  ),
});

export const litellmSettings: z.ZodType<LitellmSettings> = section({
  ...reliabilityKeys,
  content_policy_fallbacks: ignored("No host here refuses by a content policy."),
  drop_params: judged(flag, "false: a field that a model cannot take is an error.", () => HONOURED),
  request_timeout: honoured(timeLimit, "Seconds for a whole answer, where nothing else says."),
  sse_keepalive_ping_interval_seconds: honoured(
    seconds,
    "Seconds that a stream may be silent before a comment says that it lives. Default: 15. 0: none.",
  ),
  model_alias_map: honoured(
    z.record(z.string(), text, "must be a map from names to models"),
    "Other names for models.",
  ),
  cache: judged(flag, "Answers are not cached.", (value) => (value === true ? asIgnored(NO_CACHE) : HONOURED)),
  cache_params: cacheParams.optional(),
  callbacks: callbacks(),
  success_callback: callbacks(),
  failure_callback: callbacks(),
  service_callbacks: callbacks(),
  turn_off_message_logging: always(true, "Prompts and answers are never logged."),
  redact_messages_in_exceptions: always(true, "Prompts and answers are never logged."),
  redact_user_api_key_info: always(true, "Keys are never logged."),
  json_logs: always(true, "The log is JSON, words on a terminal; JSON_LOGS=true makes it JSON there, too."),
  check_provider_endpoint: always(true, "Wildcards are always filled in with what their hosts have."),
  require_auth_for_metrics_endpoint: always(true, "/metrics always asks for the key."),
  set_verbose: ignored("Say --detailed_debug on the command line."),
  log_raw_request_response: ignored("Say --detailed_debug on the command line."),
  modify_params: changed(flag, "Requests are sent as they are; what a model cannot take is told."),
  add_function_to_prompt: changed(
    flag,
    "Tools reach models without through JSON by themselves; model_info.supports_function_calling says which those are.",
  ),
  custom_provider_map: ignored("Python does not run here; provider packages stand under providers."),
  model_group_settings: ignored("general_settings.forward_client_headers_to_llm_api says it for all models."),
  ssl_verify: always(true, "Certificates are always checked; NODE_EXTRA_CA_CERTS adds yours."),
  ssl_certificate: ignored("Certificates are always checked; NODE_EXTRA_CA_CERTS adds yours."),
  force_ipv4: ignored("Both kinds of address are tried."),
  return_response_headers: ignored("Headers of a host are not passed on."),
  enable_json_schema_validation: changed(flag, "Answers are checked when a schema says strict."),
  network_mock: ignored("--demo answers from recordings; mock_response answers for one model."),
  REPEATED_STREAMING_CHUNK_LIMIT: ignored("A stream that repeats itself goes on until its limits."),
  ...ignoredKeys(
    NO_PRICE,
    "max_budget",
    "budget_duration",
    "max_end_user_budget",
    "max_internal_user_budget",
    "internal_user_budget_duration",
    "max_user_budget",
    "include_cost_in_streaming_usage",
    "cost_discount_config",
    "cost_margin_config",
    "priority_reservation",
    "disable_end_user_cost_tracking",
    "extra_spend_tag_headers",
  ),
  ...ignoredKeys(
    NO_ACCOUNTS,
    "default_internal_user_params",
    "default_team_params",
    "default_team_settings",
    "default_key_generate_params",
    "upperbound_key_generate_params",
    "key_generation_settings",
    "enable_redis_auth_cache",
  ),
  ...ignoredKeys(
    NO_METRICS_SHAPE,
    "prometheus_metrics_config",
    "custom_prometheus_metadata_labels",
    "custom_prometheus_tags",
    "prometheus_emit_stream_label",
    "prometheus_initialize_budget_metrics",
    "disable_end_user_cost_tracking_prometheus_only",
  ),
  ...ignoredKeys(
    "This has no counterpart here.",
    "enable_preview_features",
    "forward_traceparent_to_llm_provider",
    "route_all_chat_openai_to_responses",
    "use_chat_completions_url_for_anthropic_messages",
    "disable_hf_tokenizer_download",
    "guardrails",
    "mcp_semantic_tool_filter",
    "langfuse_default_tags",
    "telemetry",
    "suppress_debug_info",
  ),
});
