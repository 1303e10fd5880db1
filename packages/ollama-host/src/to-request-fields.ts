import {
  type Capabilities,
  type ChatRequest,
  type JsonObject,
  type JsonValue,
  ProviderError,
  type ResponseFormat,
  type SettingName,
  type Warning,
} from "@llamaduct/core";
import type { RequestFields } from "./chat-wire.ts";
import { coerce, isJsonObject, type Kind } from "./coerce.ts";
import type { GenerateFields } from "./generate-wire.ts";

/** What chat and text requests have in common. */
export type CommonRequest = Pick<ChatRequest, "settings" | "strictSettings" | "reasoning" | "responseFormat" | "extra">;

export type Endpoint = "chat" | "generate" | "embed";

/** Each of the contract's settings as an option of the model runner. `logprobs` is a field of its own. */
export const OPTION_OF_SETTING: Readonly<Partial<Record<SettingName, string>>> = {
  maxOutputTokens: "num_predict",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  seed: "seed",
  stop: "stop",
};

/** Contract settings that Ollama can be told. */
export const OLLAMA_SETTINGS: readonly SettingName[] = [
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "minP",
  "frequencyPenalty",
  "presencePenalty",
  "seed",
  "stop",
  "logprobs",
];

/** Options of the model runner, by their own names (ollama `api/types.go`, 0.24 to 0.33). */
export const OPTIONS: Readonly<Record<string, Kind>> = {
  num_keep: "integer",
  seed: "integer",
  num_predict: "integer",
  top_k: "integer",
  top_p: "number",
  min_p: "number",
  typical_p: "number",
  repeat_last_n: "integer",
  temperature: "number",
  repeat_penalty: "number",
  presence_penalty: "number",
  frequency_penalty: "number",
  stop: "strings",
  num_ctx: "integer",
  num_batch: "integer",
  num_gpu: "integer",
  main_gpu: "integer",
  use_mmap: "boolean",
  num_thread: "integer",
  draft_num_predict: "integer",
};

/** Options that older servers had; current ones ignore them, so sending them would only look as if it worked. */
export const FORMER_OPTIONS: readonly string[] = [
  "mirostat",
  "mirostat_eta",
  "mirostat_tau",
  "tfs_z",
  "penalize_newline",
  "numa",
  "low_vram",
  "f16_kv",
  "vocab_only",
  "use_mlock",
  "logits_all",
  "embedding_only",
];

interface BodyField {
  readonly kind: Kind;
  readonly endpoints: readonly Endpoint[];
}

/** Fields beside `options` that the contract has no name for. */
export const BODY_FIELDS: Readonly<Record<string, BodyField>> = {
  keep_alive: { kind: "duration", endpoints: ["chat", "generate", "embed"] },
  truncate: { kind: "boolean", endpoints: ["chat", "generate", "embed"] },
  think: { kind: "think", endpoints: ["chat", "generate"] },
  format: { kind: "format", endpoints: ["chat", "generate"] },
  shift: { kind: "boolean", endpoints: ["chat", "generate"] },
  raw: { kind: "boolean", endpoints: ["generate"] },
  template: { kind: "string", endpoints: ["generate"] },
  system: { kind: "string", endpoints: ["generate"] },
  context: { kind: "context", endpoints: ["generate"] },
};

export interface FieldsOptions {
  readonly endpoint: Endpoint;
  /** Of the model that is asked, as far as they are known. Default: unknown. */
  readonly capabilities?: Capabilities | undefined;
}

export interface ConvertedFields {
  /** Of which an endpoint gets those it has. `context` may also be `true`, which asks for one and is not sent. */
  readonly fields: RequestFields & Omit<GenerateFields, "context"> & { readonly context?: true | readonly number[] };
  readonly warnings: readonly Warning[];
}

/**
 * Settings, reasoning, response format and extras as Ollama spells them; only what the caller sent (I3, I9), but for
 * `truncate: false`: without it an over-long prompt is cut and nobody is told. A named field of the contract wins over an
 * extra of the same meaning. Throws `invalid_value` naming the field, or `unsupported` for what has no effect under
 * `strictSettings`.
 */
export function toRequestFields(request: CommonRequest, { endpoint, capabilities }: FieldsOptions): ConvertedFields {
  const warnings: Warning[] = [];
  /** Said in any case: these are honoured as nearly as can be. */
  const notices: Warning[] = [];
  const options: Record<string, JsonValue> = {};
  const body: Record<string, JsonValue> = { truncate: false };
  for (const [name, value] of Object.entries(spreadOptions(request.extra))) place(name, value);

  function place(name: string, value: JsonValue): void {
    const setting = `extra.${name}`;
    const option = own(OPTIONS, name);
    const field = own(BODY_FIELDS, name);
    if (option !== undefined) options[name] = coerce(option, value, setting);
    else if (field?.endpoints.includes(endpoint)) body[name] = coerce(field.kind, value, setting);
    else warnings.push({ setting, message: noSuchField(name, endpoint) });
  }

  function override(target: Record<string, JsonValue>, name: string, value: JsonValue): void {
    if (name in target)
      warnings.push({ setting: `extra.${name}`, message: `"${name}" is set twice; the OpenAI field wins.` });
    target[name] = value;
  }

  const { logprobs, ...settings } = request.settings ?? {};
  for (const [name, option] of Object.entries(OPTION_OF_SETTING)) {
    // A key of that table is one of the settings. The one it lacks, `logitBias`, is core's to report.
    const value = settings[name as keyof typeof settings];
    if (value !== undefined) override(options, option, value);
  }
  const think = toThink(request.reasoning);
  if (think !== undefined) override(body, "think", think);
  if (body["think"] && capabilities?.reasoning === "none") {
    // Sent, it would be refused; what is left is the model's plain answer, which is all it has.
    delete body["think"];
    const setting = think === undefined ? "extra.think" : "reasoning";
    warnings.push({ setting, message: "This model does not support reasoning." });
  } else if (typeof think === "string" && think !== request.reasoning) {
    const message = `Ollama has no level "${request.reasoning}"; it is sent "${think}".`;
    notices.push({ setting: "reasoning", message });
  }
  const format = toFormat(request.responseFormat);
  if (format !== undefined) override(body, "format", format);

  const [unheeded] = warnings;
  if (request.strictSettings === true && unheeded !== undefined)
    throw new ProviderError({ code: "unsupported", message: unheeded.message, setting: unheeded.setting });
  const fields: ConvertedFields["fields"] = {
    ...body,
    ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
    ...(Object.keys(options).length > 0 && { options }),
  };
  return { fields, warnings: [...warnings, ...notices] };
}

/** `options: { num_ctx: … }` and `num_ctx: …` say the same; the outer one wins. `null` means absent. */
function spreadOptions(extra: JsonObject = {}): JsonObject {
  const { options, ...rest } = extra;
  if (options !== undefined && options !== null && !isJsonObject(options))
    throw new ProviderError({
      code: "invalid_value",
      message: "options must be an object.",
      setting: "extra.options",
    });
  return withoutNulls({ ...(isJsonObject(options) && options), ...rest });
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** Names come from clients: `constructor` is none of ours. */
function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function noSuchField(name: string, endpoint: Endpoint): string {
  if (FORMER_OPTIONS.includes(name)) return `Ollama no longer has the option "${name}".`;
  if (Object.hasOwn(BODY_FIELDS, name)) return `"${name}" has no effect on ${WORK[endpoint]}.`;
  return `Ollama has no field "${name}".`;
}

const WORK: Readonly<Record<Endpoint, string>> = {
  chat: "a chat",
  generate: "a completion",
  embed: "an embedding",
};

/** Levels Ollama lacks go to the nearest one it has, as its own OpenAI layer maps them. */
function toThink(reasoning: ChatRequest["reasoning"]): boolean | string | undefined {
  switch (reasoning) {
    case "none":
      return false;
    case "minimal":
      return "low";
    case "xhigh":
      return "max";
    default:
      return reasoning;
  }
}

/** `format: null` is not the same as no `format`: it makes some models generate twice. */
function toFormat(format: ResponseFormat | undefined): "json" | JsonObject | undefined {
  return format?.type === "json" ? (format.schema ?? "json") : undefined;
}
