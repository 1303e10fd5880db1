import { z } from "zod";
import {
  always,
  asChanged,
  changed,
  flag,
  HONOURED,
  honoured,
  ignored,
  ignoredKeys,
  judged,
  number,
  required,
  section,
  text,
  texts,
  wholeNumber,
} from "./config-key.ts";

/** `general_settings`. */
export interface GeneralSettings {
  readonly master_key?: string | undefined;
  readonly dangerously_permit_weak_or_unset_master_key?: boolean | undefined;
  readonly completion_model?: string | undefined;
  readonly embedding_model?: string | undefined;
  readonly max_parallel_requests?: number | undefined;
  readonly global_max_parallel_requests?: number | undefined;
  readonly max_in_flight_requests_per_worker?: number | undefined;
  readonly max_request_size_mb?: number | undefined;
  readonly max_response_size_mb?: number | undefined;
  readonly litellm_key_header_name?: string | undefined;
  readonly allowed_ips?: readonly string[] | undefined;
  readonly use_x_forwarded_for?: boolean | undefined;
  readonly forward_client_headers_to_llm_api?: boolean | undefined;
  readonly allow_client_side_credentials?: boolean | undefined;
  readonly user_header_name?: string | undefined;
  readonly user_header_mappings?: UserHeader | readonly UserHeader[] | undefined;
  readonly always_include_stream_usage?: boolean | undefined;
}

export interface UserHeader {
  readonly header_name: string;
}

const WATCHED = "Hosts are watched all the time, without inference: llamaduct.status_interval.";
const NO_DATABASE = "There is no database; models stand in this file and keys under llamaduct.keys.";
const NO_PYTHON = "Python does not run here; keys are general_settings.master_key and llamaduct.keys.";
const NO_ACCOUNTS = "There are no users or teams; keys stand under llamaduct.keys.";
const NO_SPEND = "Nothing is priced and no call is kept.";
const NO_ROUTES = "A key may use every route.";
const NO_COUNTERPART = "This has no counterpart here.";

const userHeader: z.ZodType<UserHeader> = section({
  header_name: required(text, "A header."),
  litellm_user_role: judged(z.unknown(), "Whom it names.", (value) =>
    value === "customer" ? HONOURED : asChanged("The header says who the end user is, whatever the role."),
  ),
});

export const generalSettings: z.ZodType<GeneralSettings> = section({
  master_key: honoured(text, "What clients must send. Default: LITELLM_MASTER_KEY."),
  dangerously_permit_weak_or_unset_master_key: honoured(flag, "Serves everyone, wherever it listens."),
  completion_model: honoured(text, "Asked for in place of what any completion names."),
  embedding_model: honoured(text, "Asked for in place of what any embedding names."),
  max_parallel_requests: honoured(wholeNumber, "Requests at a time per key that does not say."),
  global_max_parallel_requests: honoured(wholeNumber, "Requests at a time for the whole proxy."),
  max_in_flight_requests_per_worker: honoured(wholeNumber, "Requests at a time in this process; more are a 503."),
  max_request_size_mb: honoured(number, "Largest body of a request. Default: 24."),
  max_response_size_mb: honoured(number, "Longest answer; a stream ends there with an error. Default: 256."),
  litellm_key_header_name: honoured(text, "The only header that is read for a key."),
  allowed_ips: honoured(texts, "Addresses that may call. Default: all."),
  use_x_forwarded_for: honoured(flag, "The caller's address is the one that a proxy in front says."),
  forward_client_headers_to_llm_api: honoured(flag, "A client's x-* headers go to the host."),
  allow_client_side_credentials: honoured(flag, "A request may name its own host and key."),
  user_header_name: honoured(text, "The header that says who the end user is."),
  user_header_mappings: z.union([userHeader, z.array(userHeader)], "must be a list").optional(),
  always_include_stream_usage: honoured(flag, "A stream's last chunk tells its usage although nobody asked."),
  cancel_on_disconnect: always(true, "A client that leaves always ends its call."),
  background_health_checks: changed(flag, WATCHED),
  enable_health_check_routing: changed(flag, WATCHED),
  model_list_healthy_only: changed(flag, "The models of a host that does not answer are listed from memory."),
  infer_model_from_keys: ignored("Only models of this file are served."),
  max_queued_requests_per_worker: ignored("llamaduct.queue.length says how many may wait."),
  admission_queue_timeout_seconds: ignored("llamaduct.queue.deadline says how long one may wait."),
  pass_through_endpoints: ignored("Requests reach a host only through the OpenAI API."),
  alerting: ignored("Nobody is alerted; /metrics and the log tell."),
  enforce_user_param: ignored("A request need not name its user."),
  enforced_params: ignored("A request needs no parameter but those of OpenAI."),
  reject_clientside_metadata_tags: ignored("A request may name tags."),
  forward_openai_org_id: ignored("Only x-* headers are passed on."),
  forward_llm_provider_auth_headers: ignored("A client's keys are never passed on."),
  token_rate_limit_type: ignored("tpm counts tokens of requests and answers."),
  ...ignoredKeys(
    WATCHED,
    "health_check_interval",
    "health_check_concurrency",
    "health_check_details",
    "health_check_staleness_threshold",
    "health_check_ignore_transient_errors",
    "health_check_skip_disabled_background_models",
    "background_health_check_model_groups",
    "use_shared_health_check",
  ),
  ...ignoredKeys(
    NO_DATABASE,
    "database_url",
    "database_type",
    "database_args",
    "database_connection_pool_limit",
    "database_connection_timeout",
    "database_connect_timeout",
    "database_socket_timeout",
    "store_model_in_db",
    "supported_db_objects",
    "proxy_config_reload_interval_seconds",
    "allow_requests_on_db_unavailable",
    "disable_prisma_schema_update",
    "user_api_key_cache_ttl",
    "user_api_key_cache_max_size",
    "proxy_batch_write_at",
    "use_redis_transaction_buffer",
  ),
  ...ignoredKeys(NO_PYTHON, "custom_auth", "custom_key_generate", "custom_sso"),
  ...ignoredKeys(
    NO_ACCOUNTS,
    "enable_jwt_auth",
    "litellm_jwtauth",
    "enable_oauth2_auth",
    "ui_access_mode",
    "role_permissions",
    "enforce_rbac",
    "key_management_system",
    "key_management_settings",
    "use_google_kms",
    "use_azure_key_vault",
    "default_team_disabled",
  ),
  ...ignoredKeys(
    NO_SPEND,
    "disable_spend_logs",
    "disable_spend_updates",
    "disable_error_logs",
    "store_prompts_in_spend_logs",
    "maximum_spend_logs_retention_period",
    "maximum_spend_logs_retention_interval",
    "maximum_spend_logs_cleanup_cron",
    "proxy_budget_rescheduler_min_time",
    "proxy_budget_rescheduler_max_time",
    "spend_report_frequency",
  ),
  ...ignoredKeys(
    "Nobody is alerted; /metrics and the log tell.",
    "alerting_threshold",
    "alert_types",
    "alert_to_webhook_url",
    "alerting_args",
  ),
  ...ignoredKeys(NO_ROUTES, "allowed_routes", "public_routes", "admin_only_routes"),
  ...ignoredKeys(
    NO_COUNTERPART,
    "image_generation_model",
    "moderation_model",
    "pass_through_request_timeout",
    "otel",
    "litellm_license",
    "coordination_redis",
    "mcp_internal_ip_ranges",
    "mcp_client_side_auth_header_name",
    "mcp_advertised_versions",
    "search_tools",
    "plugins",
    "expose_fallback_errors_to_caller",
    "include_call_id_in_error_body",
    "disable_retry_on_max_parallel_request_limit_error",
    "enforce_fallback_model_access",
  ),
});
