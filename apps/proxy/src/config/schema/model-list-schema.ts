import { distance } from "fastest-levenshtein";
import { z } from "zod";
import {
  always,
  asChanged,
  changed,
  flag,
  HONOURED,
  headers,
  honoured,
  ignored,
  ignoredKeys,
  type Judge,
  judged,
  number,
  required,
  seconds,
  text,
  texts,
  timeLimit,
  wholeNumber,
} from "./config-key.ts";
import { type Policy, policy } from "./reliability-schema.ts";

export interface ModelEntry {
  readonly model_name: string;
  readonly litellm_params: LitellmParams;
  readonly model_info?: ModelInfoEntry | undefined;
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
}

/** `provider/model`, how to reach it and when; every other field is a default of its requests. Times are seconds. */
export interface LitellmParams {
  readonly model: string;
  readonly custom_llm_provider?: string | undefined;
  readonly api_base?: string | undefined;
  readonly api_key?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly extra_headers?: Readonly<Record<string, string>> | undefined;
  readonly organization?: string | readonly string[] | undefined;
  readonly litellm_credential_name?: string | undefined;
  readonly timeout?: number | undefined;
  readonly stream_timeout?: number | undefined;
  readonly keepalive_seconds?: number | undefined;
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  readonly weight?: number | undefined;
  readonly order?: number | undefined;
  readonly max_parallel_requests?: number | undefined;
  readonly num_retries?: number | undefined;
  readonly cooldown_time?: number | undefined;
  readonly allowed_fails?: number | undefined;
  readonly allowed_fails_policy?: Policy | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly tag_regex?: readonly string[] | undefined;
  readonly drop_params?: boolean | undefined;
  readonly additional_drop_params?: readonly string[] | undefined;
  readonly mock_response?: string | undefined;
  readonly silent_model?: string | undefined;
  readonly configurable_clientside_auth_params?: readonly ClientParam[] | undefined;
  readonly [parameter: string]: unknown;
}

export type ParameterDefaults = Omit<LitellmParams, "model"> & { readonly model?: string | undefined };

/** What the operator knows of a model better than its host, and what listings tell. */
export interface ModelInfoEntry {
  readonly id?: string | undefined;
  readonly supports_function_calling?: boolean | undefined;
  readonly supports_response_schema?: boolean | undefined;
  readonly supports_reasoning?: boolean | undefined;
  readonly supports_vision?: boolean | undefined;
  /** Tokens. */
  readonly max_input_tokens?: number | undefined;
  readonly cooldown_time?: number | undefined;
  readonly allowed_fails?: number | undefined;
  readonly allowed_fails_policy?: Policy | undefined;
  readonly supported_environments?: readonly string[] | undefined;
  readonly blocked?: boolean | undefined;
  readonly [fact: string]: unknown;
}

const NO_PRICE = "/model/info tells it; nothing is priced.";
const OWN_TEMPLATE = "The host applies the model's own template.";
const WATCHED = "Hosts are watched without inference.";
const NO_COUNTERPART = "This has no counterpart here.";

const pattern: z.ZodType<string> = text.refine(isPattern, "must be a regular expression");

/** One of the two, or one of them with an expression that its value must match whole. */
export type ClientParam = "api_base" | "api_key" | { readonly api_base?: string; readonly api_key?: string };

const clientParam: z.ZodType<ClientParam> = z.union(
  [z.enum(["api_base", "api_key"]), z.strictObject({ api_base: pattern.optional(), api_key: pattern.optional() })],
  "must be api_base, api_key, or a map from one of them to a regular expression",
) as z.ZodType<ClientParam>;

const routingKeys = {
  rpm: honoured(wholeNumber, "Requests a minute: a weight, or a limit with enforce_model_rate_limits."),
  tpm: honoured(wholeNumber, "Tokens a minute, likewise."),
} as const;

const shape = {
  model: required(text, "provider/model, such as ollama_chat/llama3.2."),
  custom_llm_provider: honoured(text, "The provider, where the model does not begin with it."),
  api_base: honoured(text, "The host's URL."),
  api_key: honoured(text, "The host's key."),
  headers: honoured(headers, "Sent with every request."),
  extra_headers: honoured(headers, "Sent with every request."),
  organization: honoured(
    z.union([text, texts], "must be a text or a list of texts"),
    "Sent as openai-organization; several make as many deployments.",
  ),
  litellm_credential_name: honoured(text, "Of credential_list."),
  timeout: honoured(timeLimit, "Seconds for a whole answer."),
  stream_timeout: honoured(timeLimit, "Seconds until a stream begins."),
  keepalive_seconds: honoured(
    seconds,
    "As litellm_settings.sse_keepalive_ping_interval_seconds, for this model_name; of several entries the first that says.",
  ),
  allow_client_keepalive_override: always(
    true,
    "A request may always say another with x-litellm-keepalive-seconds, unless keepalive_seconds is 0.",
  ),
  ...routingKeys,
  weight: honoured(number, "Share of the requests of its group."),
  order: honoured(wholeNumber, "Tier: lower ones are asked first."),
  max_parallel_requests: honoured(wholeNumber, "Requests at a time; more of them wait."),
  num_retries: honoured(wholeNumber, "Retries after this deployment failed."),
  cooldown_time: honoured(seconds, "Seconds that it is left alone after failing. 0: never."),
  allowed_fails: judged(wholeNumber, "Failures a minute.", () =>
    asChanged("It counts as if it stood in model_info, where LiteLLM has it."),
  ),
  allowed_fails_policy: policy("AllowedFails").optional(),
  tags: honoured(texts, "Requests with these tags come here."),
  tag_regex: honoured(z.array(pattern, "must be a list"), "Matched against a request's headers, as Name: value."),
  drop_params: honoured(flag, "false: a field that the model cannot take is an error."),
  additional_drop_params: honoured(texts, "Fields that are always left out."),
  mock_response: honoured(text, "Answers with this text, without asking anyone."),
  silent_model: honoured(text, "A model that gets a copy of each request; its answer is thrown away."),
  max_retries: ignored("num_retries says how often."),
  configurable_clientside_auth_params: honoured(
    z.array(clientParam, "must be a list"),
    "What a request may say itself: api_base, api_key, or one of them with what it must match.",
  ),
  model_info: ignored("model_info stands beside litellm_params."),
  supports_system_message: always(true, "System messages are sent as they are."),
  ssl_verify: always(true, "Certificates are always checked; NODE_EXTRA_CA_CERTS adds yours."),
  ...ignoredKeys("Nothing is priced, and no budget is kept.", "max_budget", "budget_duration"),
  ...ignoredKeys("rpm and tpm count.", "itpm", "otpm"),
  input_cost_per_token: changed(number, NO_PRICE),
  output_cost_per_token: changed(number, NO_PRICE),
  input_cost_per_second: changed(number, NO_PRICE),
  output_cost_per_second: changed(number, NO_PRICE),
  ...ignoredKeys(OWN_TEMPLATE, "initial_prompt_value", "roles", "final_prompt_value", "bos_token", "eos_token"),
  ...ignoredKeys(
    NO_COUNTERPART,
    "mock_timeout",
    "use_chat_completions_api",
    "use_in_pass_through",
    "use_litellm_proxy",
    "guardrails",
    "prompt_id",
    "prompt_variables",
    "cache_control_injection_points",
    "auto_router_config",
    "auto_router_config_path",
    "auto_router_default_model",
    "auto_router_embedding_model",
    "complexity_router_config",
    "complexity_router_default_model",
    "rust",
    "region_name",
  ),
} as const;

/** Parameters that listings tell. */
export const PRICES = [
  "input_cost_per_token",
  "output_cost_per_token",
  "input_cost_per_second",
  "output_cost_per_second",
] as const;

/** Parameters that mean something to the proxy: every other one goes into the requests. */
export const OWN_PARAMETERS: readonly string[] = Object.keys(shape);

/** Names that a request parameter may resemble by mistake only; those of a few letters resemble too much. */
const OWN_NAMES = OWN_PARAMETERS.filter((name) => name.length >= 5);

/** Parameters of requests have any name. */
const judgeParameter: Judge = (_, key) => {
  const near = OWN_NAMES.find((name) => distance(name, key) <= 2);
  return near === undefined ? HONOURED : asChanged(`It goes into every request as it is. Did you mean "${near}"?`);
};
const parameter = judged(
  z.unknown(),
  "A default for the requests: any field of OpenAI's or the host's.",
  judgeParameter,
);

const litellmParams = z.object(shape, "must be a map with at least a model").catchall(parameter);

/** What may stand under every entry's `litellm_params`. */
export const parameterDefaults: z.ZodType<ParameterDefaults> = z
  .object({ ...shape, model: shape.model.optional() }, "must be a map")
  .catchall(parameter);

const fact = honoured(z.unknown(), "Told by /model/info.");

const modelInfo = z
  .object(
    {
      id: honoured(
        z.union([text, z.number().transform(String)], "must be a text"),
        "A request may ask for it as its model.",
      ),
      supports_function_calling: honoured(flag, "false: tools go through JSON."),
      supports_response_schema: honoured(flag, "Whether the model keeps to a schema by itself."),
      supports_reasoning: honoured(flag, "Whether the model can reason."),
      supports_vision: honoured(flag, "Whether the model reads images."),
      max_input_tokens: honoured(
        wholeNumber.refine((tokens) => tokens > 0, "must be more than 0"),
        "The context, in tokens.",
      ),
      cooldown_time: honoured(seconds, "Wins over the one in litellm_params."),
      allowed_fails: honoured(wholeNumber, "Failures a minute before it cools down."),
      allowed_fails_policy: policy("AllowedFails").optional(),
      supported_environments: honoured(texts, "Served only where LITELLM_ENVIRONMENT is one of these."),
      blocked: honoured(flag, "Not served."),
      ...ignoredKeys(
        WATCHED,
        "health_check_model",
        "health_check_timeout",
        "health_check_max_tokens",
        "health_check_max_tokens_reasoning",
        "health_check_max_tokens_non_reasoning",
        "disable_background_health_check",
      ),
      ...ignoredKeys("Served at any time.", "access_windows"),
      ...ignoredKeys("Tokens are estimated by one rule.", "custom_tokenizer"),
      ...ignoredKeys("router_settings says it for all models.", "enable_tag_filtering", "allow_fail_open"),
      ...ignoredKeys("There are no teams.", "team_id", "team_public_model_name"),
      ...ignoredKeys("It is served as chat completions.", "supported_endpoints"),
    },
    "must be a map",
  )
  .catchall(fact);

export const modelList: z.ZodType<readonly ModelEntry[]> = z.array(
  z.looseObject(
    {
      model_name: required(text, "What clients ask for. A * stands for any text."),
      litellm_params: litellmParams,
      model_info: modelInfo.optional(),
      ...routingKeys,
    },
    "must be a map with model_name and litellm_params",
  ),
  "must be a list",
);

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
