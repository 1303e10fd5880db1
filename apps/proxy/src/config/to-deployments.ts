import type { Capabilities, JsonObject, ModelFacts, Support } from "@llamaduct/core";
import type { Deployment } from "llamaduct";
import { type LitellmParams, type ModelEntry, type ModelInfoEntry, PARAMETERS_NOT_YET } from "./config-schema.ts";
import type { ParsedYaml } from "./parse-yaml.ts";

export interface ConvertedModelList {
  readonly deployments: readonly Deployment[];
  /** A sentence for each entry that is skipped and each parameter without effect. */
  readonly warnings: readonly string[];
}

export interface ModelListContext {
  readonly providerIds: readonly string[];
  readonly where: ParsedYaml["where"];
}

/**
 * LiteLLM's `model_list` as deployments. An entry of a provider that is not installed is skipped, the rest serves.
 */
export function toDeployments(entries: readonly ModelEntry[], context: ModelListContext): ConvertedModelList {
  const { providerIds, where } = context;
  const warnings: string[] = [];
  const deployments = entries.flatMap(({ model_name: name, litellm_params: params, model_info: info }, index) => {
    const at = (key: string) => where(["model_list", index, "litellm_params", key]);
    const model = toReference(params);
    if (!providerIds.some((id) => model.startsWith(`${id}/`) && model !== `${id}/`)) {
      const known = providerIds.map((id) => `${id}/…`).join(", ");
      warnings.push(`${at("model")}: "${name}" is skipped, since "${model}" is none of ${known}.`);
      return [];
    }
    const { defaults, notYet } = splitDefaults(params);
    for (const key of notYet) warnings.push(`${at(key)} has no effect yet.`);
    return [{ ...toDeployment(name, model, { params, defaults }), ...(info && { facts: toFacts(info) }) }];
  });
  return { deployments, warnings };
}

function toReference({ model, custom_llm_provider: provider }: LitellmParams): string {
  return provider ? `${provider}/${model}` : model;
}

interface Parameters {
  readonly params: LitellmParams;
  readonly defaults: JsonObject;
}

function toDeployment(name: string, model: string, { params, defaults }: Parameters): Deployment {
  const headers = { ...params.headers, ...params.extra_headers };
  // Clients that differ in it would have the host load the model anew for each.
  const { num_ctx, ...others } = defaults;
  return {
    name,
    model,
    settings: {
      ...(params.api_base && { baseURL: params.api_base }),
      ...(params.api_key && { apiKey: params.api_key }),
      ...(Object.keys(headers).length > 0 && { headers }),
    },
    defaults: others,
    ...(num_ctx !== undefined && { pinned: { num_ctx } }),
    ...(params.timeout && { timeoutMs: params.timeout * 1000 }),
  };
}

/** The operator's word wins over the host's: `supports_function_calling: false` has tools go through JSON, `true` natively. */
function toFacts(info: ModelInfoEntry): ModelFacts {
  const capabilities: Record<string, Support> = {};
  const say = (name: keyof Capabilities, value: boolean | null | undefined) => {
    if (typeof value === "boolean") capabilities[name] = value ? "native" : "none";
  };
  say("tools", info.supports_function_calling);
  say("jsonSchema", info.supports_response_schema);
  say("reasoning", info.supports_reasoning);
  say("images", info.supports_vision);
  return { capabilities, ...(info.max_input_tokens && { contextLength: info.max_input_tokens }) };
}

/** What LiteLLM would pass to the completion call: every parameter that is not about reaching or choosing a host. */
function splitDefaults(params: LitellmParams): { readonly defaults: JsonObject; readonly notYet: readonly string[] } {
  const { model, custom_llm_provider, api_base, api_key, headers, extra_headers, timeout, ...rest } = params;
  const entries = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  const isNotYet = ([key]: [string, unknown]) => PARAMETERS_NOT_YET.includes(key);
  return {
    // YAML holds JSON's values and nothing else under the schema that `yaml` uses by default.
    defaults: Object.fromEntries(entries.filter((entry) => !isNotYet(entry))) as JsonObject,
    notYet: entries.filter(isNotYet).map(([key]) => key),
  };
}
