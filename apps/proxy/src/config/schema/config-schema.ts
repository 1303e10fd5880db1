import { z } from "zod";
import { HONOURED, honoured, ignoredKeys, judged, required, section, text, texts } from "./config-key.ts";
import { type GeneralSettings, generalSettings } from "./general-settings-schema.ts";
import { type LitellmSettings, litellmSettings } from "./litellm-settings-schema.ts";
import { type LlamaductSettings, llamaductSettings } from "./llamaduct-schema.ts";
import { type ModelEntry, modelList, type ParameterDefaults, parameterDefaults } from "./model-list-schema.ts";
import { type RouterSettings, routerSettings } from "./router-settings-schema.ts";

/** LiteLLM's `config.yaml`, `null`s gone and variables filled in; `providers` and `llamaduct` are our own. */
export interface Config {
  readonly model_list?: readonly ModelEntry[] | undefined;
  readonly litellm_settings?: LitellmSettings | undefined;
  readonly router_settings?: RouterSettings | undefined;
  readonly general_settings?: GeneralSettings | undefined;
  readonly environment_variables?: Readonly<Record<string, unknown>> | undefined;
  readonly include?: string | readonly string[] | undefined;
  readonly credential_list?: readonly CredentialEntry[] | undefined;
  readonly providers?: readonly string[] | undefined;
  readonly llamaduct?: LlamaductSettings | undefined;
}

export interface CredentialEntry {
  readonly credential_name: string;
  /** Under the `litellm_params` that name it. */
  readonly credential_values: ParameterDefaults;
}

const credential: z.ZodType<CredentialEntry> = section({
  credential_name: required(text, "What litellm_credential_name says."),
  credential_values: parameterDefaults,
  credential_info: judged(z.unknown(), "For people.", () => HONOURED),
});

export const configSchema: z.ZodType<Config> = section({
  model_list: modelList.optional(),
  litellm_settings: litellmSettings.optional(),
  router_settings: routerSettings.optional(),
  general_settings: generalSettings.optional(),
  environment_variables: honoured(z.looseObject({}, "must be a map"), "Set before os.environ/NAME is read."),
  include: honoured(
    z.union([text, texts], "must be a path or a list of paths"),
    "Files beside this one: their lists are added, their other keys replace this file's.",
  ),
  credential_list: z.array(credential, "must be a list").optional(),
  providers: z.array(required(text, "A package, or a path that begins with a dot."), "must be a list").optional(),
  llamaduct: llamaductSettings.optional(),
  ...ignoredKeys("Nobody is called back; /metrics and the log tell.", "callback_settings"),
  ...ignoredKeys(
    "This proxy serves chat, text and embedding models only.",
    "guardrails",
    "mcp_servers",
    "mcp_tools",
    "mcp_aliases",
    "search_tools",
    "sandbox_tools",
    "vector_store_registry",
    "prompts",
    "policies",
    "policy_attachments",
    "agents",
    "agent_list",
    "assistant_settings",
    "files_settings",
    "finetune_settings",
    "default_vertex_config",
    "pass_through_endpoints",
    "worker_registry",
  ),
});
