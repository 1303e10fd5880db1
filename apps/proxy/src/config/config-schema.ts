import { z } from "zod";

/** LiteLLM's `config.yaml`, as far as it is honoured today. */
export interface Config {
  readonly model_list?: readonly ModelEntry[] | null | undefined;
  readonly general_settings?: GeneralSettings | null | undefined;
}

export interface ModelEntry {
  readonly model_name: string;
  readonly litellm_params: LitellmParams;
  readonly model_info?: ModelInfoEntry | null | undefined;
}

/** What the operator knows of a model better than its host; LiteLLM returns every other key and so may we one day. */
export interface ModelInfoEntry {
  readonly supports_function_calling?: boolean | null | undefined;
  readonly supports_response_schema?: boolean | null | undefined;
  readonly supports_reasoning?: boolean | null | undefined;
  readonly supports_vision?: boolean | null | undefined;
  /** Tokens. */
  readonly max_input_tokens?: number | null | undefined;
}

/** `provider/model`, how to reach it, and default parameters for its requests: every field not named here. */
export interface LitellmParams {
  readonly model: string;
  readonly custom_llm_provider?: string | null | undefined;
  readonly api_base?: string | null | undefined;
  readonly api_key?: string | null | undefined;
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
  readonly extra_headers?: Readonly<Record<string, string>> | null | undefined;
  /** Seconds for the whole answer. */
  readonly timeout?: number | null | undefined;
  readonly [parameter: string]: unknown;
}

export interface GeneralSettings {
  readonly master_key?: string | null | undefined;
}

const headers = z.record(z.string(), z.string("must be a text"), "must be a map of texts").nullish();

/** Environment variables are always text, and YAML users quote numbers. */
const seconds = z.preprocess(
  (value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value),
  z.number("must be a number of seconds").positive("must be more than 0").nullish(),
);

const flag = z.boolean("must be true or false").nullish();

const text = z.string("must be a text").min(1, "must not be empty");

// Unknown keys are kept, so that the reader can report them.
export const configSchema: z.ZodType<Config> = z.looseObject(
  {
    model_list: z
      .array(
        z.looseObject(
          {
            model_name: text,
            litellm_params: z.looseObject(
              {
                model: text,
                custom_llm_provider: text.nullish(),
                api_base: text.nullish(),
                api_key: text.nullish(),
                headers,
                extra_headers: headers,
                timeout: seconds,
              },
              "must be a map with at least a model",
            ),
            model_info: z
              .looseObject(
                {
                  supports_function_calling: flag,
                  supports_response_schema: flag,
                  supports_reasoning: flag,
                  supports_vision: flag,
                  max_input_tokens: z.int("must be a whole number").positive("must be more than 0").nullish(),
                },
                "must be a map",
              )
              .nullish(),
          },
          "must be a map with model_name and litellm_params",
        ),
        "must be a list",
      )
      .nullish(),
    general_settings: z.looseObject({ master_key: text.nullish() }, "must be a map").nullish(),
  },
  "must be a map",
);

/** Keys that are honoured or hold what is, per place in the file. Everything else is reported. */
export const KNOWN_KEYS = {
  file: ["model_list", "general_settings"],
  entry: ["model_name", "litellm_params", "model_info"],
  general: ["master_key"],
} as const;

/** Parameters of a deployment that mean something to LiteLLM's router or accounting, and nothing here yet. */
export const PARAMETERS_NOT_YET: readonly string[] = [
  "rpm",
  "tpm",
  "itpm",
  "otpm",
  "weight",
  "order",
  "max_parallel_requests",
  "stream_timeout",
  "num_retries",
  "max_retries",
  "cooldown_time",
  "allowed_fails",
  "allowed_fails_policy",
  "tags",
  "tag_regex",
  "model_info",
  "litellm_credential_name",
  "configurable_clientside_auth_params",
  "max_budget",
  "budget_duration",
  "input_cost_per_token",
  "output_cost_per_token",
  "input_cost_per_second",
  "output_cost_per_second",
  "mock_response",
  "mock_timeout",
  "keepalive_seconds",
  "supports_system_message",
  "initial_prompt_value",
  "roles",
  "final_prompt_value",
  "bos_token",
  "eos_token",
  "ssl_verify",
  "silent_model",
  "guardrails",
];
