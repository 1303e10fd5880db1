import type { JsonObject, ModelFacts, ProviderSettings } from "@llamaduct/core";
import type { DeploymentRouting } from "@llamaduct/router";
import { type ClientConnection, type Deployment, toModelFacts } from "llamaduct";
import type { Environment } from "./fill-environment.ts";
import type { Config } from "./schema/config-schema.ts";
import {
  type ClientParam,
  type LitellmParams,
  type ModelEntry,
  type ModelInfoEntry,
  OWN_PARAMETERS,
  PRICES,
} from "./schema/model-list-schema.ts";
import { toMs, toNumber, toPolicy, withoutUndefined } from "./to-routing.ts";

/** One entry as a deployment; what it does not say is the file's, or the environment's. */
export function toDeployment(entry: ModelEntry, config: Config, environment: Environment): Deployment {
  const { model_name: name, litellm_params: params, model_info: info, rpm, tpm } = entry;
  const { litellm_settings: general = {}, router_settings: router = {} } = config;
  // Clients that differ in it would have the host load the model anew for each.
  const { num_ctx, ...defaults } = toDefaults(params);
  const isStrict =
    (params.drop_params ?? general.drop_params ?? environment["LITELLM_DROP_PARAMS"] !== "False") === false;
  const timeout =
    params.timeout ?? router.timeout ?? general.request_timeout ?? toNumber("REQUEST_TIMEOUT", environment);
  return withoutUndefined<Deployment>({
    id: info?.id,
    name,
    model: toReference(params),
    settings: toSettings(params),
    defaults: { ...defaults, ...(isStrict && { drop_params: false }) },
    pinned: num_ctx === undefined ? undefined : { num_ctx },
    facts: info && toFacts(name, info),
    info: toInfo(entry),
    timeoutMs: toMs(timeout),
    streamTimeoutMs: toMs(params.stream_timeout ?? router.stream_timeout),
    routing: toDeploymentRouting({ ...withoutUndefined({ rpm, tpm }), ...params }, info),
    clientConnection: params.configurable_clientside_auth_params?.reduce(withClientParam, {}),
    silentModel: params.silent_model,
    mockResponse: params.mock_response,
    dropParams: params.additional_drop_params,
  });
}

function toSettings({ api_base, api_key, headers, extra_headers }: LitellmParams): ProviderSettings {
  const all = { ...headers, ...extra_headers };
  return withoutUndefined<ProviderSettings>({
    baseURL: api_base,
    apiKey: api_key,
    headers: Object.keys(all).length === 0 ? undefined : all,
  });
}

function withClientParam(connection: ClientConnection, param: ClientParam): ClientConnection {
  if (param === "api_base") return { ...connection, apiBase: true };
  if (param === "api_key") return { ...connection, apiKey: true };
  return { ...connection, ...withoutUndefined<ClientConnection>({ apiBase: param.api_base, apiKey: param.api_key }) };
}

type RoutingParams = Pick<LitellmParams, "rpm" | "tpm" | "weight" | "order" | "tags" | "tag_regex"> &
  Pick<
    LitellmParams,
    "max_parallel_requests" | "num_retries" | "cooldown_time" | "allowed_fails" | "allowed_fails_policy"
  >;

function toDeploymentRouting(params: RoutingParams, info: ModelInfoEntry | undefined): DeploymentRouting | undefined {
  const policy = info?.allowed_fails_policy ?? params.allowed_fails_policy;
  const routing = withoutUndefined<DeploymentRouting>({
    weight: params.weight,
    rpm: params.rpm,
    tpm: params.tpm,
    order: params.order,
    maxParallelRequests: params.max_parallel_requests,
    retries: params.num_retries,
    cooldownMs: toMs(info?.cooldown_time ?? params.cooldown_time),
    allowedFails: info?.allowed_fails ?? params.allowed_fails,
    allowedFailsPolicy: policy && toPolicy(policy),
    tags: params.tags,
    tagPatterns: params.tag_regex,
  });
  return Object.keys(routing).length === 0 ? undefined : routing;
}

/** What LiteLLM would pass to the completion call: every parameter that is not about reaching or choosing a host. */
function toDefaults(params: LitellmParams): JsonObject {
  // YAML holds JSON's values and nothing else under the schema that `yaml` uses by default.
  return Object.fromEntries(Object.entries(params).filter(([key]) => !OWN_PARAMETERS.includes(key))) as JsonObject;
}

/** The operator's word wins over the host's; of all that stands there, these are about it. */
const FACTS = [
  "supports_function_calling",
  "supports_response_schema",
  "supports_reasoning",
  "supports_vision",
  "max_input_tokens",
] as const;

function toFacts(name: string, info: ModelInfoEntry): ModelFacts | undefined {
  const said = FACTS.flatMap((key) => (info[key] === undefined ? [] : [[key, info[key]] as const]));
  return said.length === 0 ? undefined : toModelFacts(name, Object.fromEntries(said));
}

/** What is about the proxy, not about the model. */
const NOT_TOLD = ["id", "cooldown_time", "allowed_fails", "allowed_fails_policy", "supported_environments", "blocked"];

function toInfo({ litellm_params: params, model_info: info = {} }: ModelEntry): JsonObject | undefined {
  const prices = Object.fromEntries(
    PRICES.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]])),
  );
  const told = Object.fromEntries(Object.entries(info).filter(([key]) => !NOT_TOLD.includes(key)));
  const all = { ...prices, ...told };
  // As above: all of it came from YAML.
  return isEmpty(all) ? undefined : (all as JsonObject);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

/** `custom_llm_provider` is for models whose name does not begin with their provider. */
export function toReference({ model, custom_llm_provider: provider }: LitellmParams): string {
  return provider === undefined || model.startsWith(`${provider}/`) ? model : `${provider}/${model}`;
}
