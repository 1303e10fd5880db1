import {
  type ChatRequest,
  type JsonObject,
  type JsonValue,
  ProviderError,
  type ResponseFormat,
  type SettingName,
  type Warning,
} from "@llamaduct/core";
import type { RequestFields } from "./chat-wire.ts";

/** What chat and text requests have in common. */
export type CommonRequest = Pick<ChatRequest, "settings" | "strictSettings" | "reasoning" | "responseFormat" | "extra">;

/** Contract settings that Ollama can be told; all but `logprobs` are options of the model runner. */
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

const OPTION_OF_SETTING: Readonly<Record<string, string>> = {
  maxOutputTokens: "num_predict",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  seed: "seed",
  stop: "stop",
} satisfies Partial<Record<SettingName, string>>;

type Kind = "integer" | "number" | "boolean" | "strings" | "duration" | "think" | "format";

/** Options of the model runner, by their own names (ollama `api/types.go`, 0.24 to 0.33). */
const OPTIONS: Readonly<Record<string, Kind>> = {
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
const FORMER_OPTIONS: readonly string[] = [
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

/** Fields beside `options` that the contract has no name for. */
const BODY_FIELDS: Readonly<Record<string, Kind>> = {
  keep_alive: "duration",
  think: "think",
  format: "format",
  truncate: "boolean",
  shift: "boolean",
};

export interface ConvertedFields {
  readonly fields: RequestFields;
  readonly warnings: readonly Warning[];
}

/**
 * Settings, reasoning, response format and extras as Ollama spells them; only what the caller sent (I3, I9). A named
 * field of the contract wins over an extra of the same meaning. Throws `invalid_value` naming the field, or
 * `unsupported` for an unknown extra under `strictSettings`.
 */
export function toRequestFields(request: CommonRequest): ConvertedFields {
  const warnings: Warning[] = [];
  const options: Record<string, JsonValue> = {};
  const body: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(spreadOptions(request.extra))) place(name, value);

  function place(name: string, value: JsonValue): void {
    const setting = `extra.${name}`;
    const option = OPTIONS[name];
    const field = BODY_FIELDS[name];
    if (option !== undefined) options[name] = coerce(option, value, setting);
    else if (field !== undefined) body[name] = coerce(field, value, setting);
    else if (FORMER_OPTIONS.includes(name))
      warnings.push({ setting, message: `Ollama no longer has the option "${name}".` });
    else warnings.push({ setting, message: `Ollama has no field "${name}".` });
  }

  function override(target: Record<string, JsonValue>, name: string, value: JsonValue): void {
    if (name in target)
      warnings.push({ setting: `extra.${name}`, message: `"${name}" is set twice; the OpenAI field wins.` });
    target[name] = value;
  }

  const { logprobs, ...settings } = request.settings ?? {};
  for (const [name, value] of Object.entries(settings)) {
    const option = OPTION_OF_SETTING[name];
    // The setting it lacks, `logitBias`, is core's to report: it is not in OLLAMA_SETTINGS.
    if (option !== undefined && value !== undefined) override(options, option, value);
  }
  const think = toThink(request.reasoning);
  if (think !== undefined) override(body, "think", think);
  const format = toFormat(request.responseFormat);
  if (format !== undefined) override(body, "format", format);

  const [unknown] = warnings;
  if (request.strictSettings === true && unknown !== undefined)
    throw new ProviderError({ code: "unsupported", message: unknown.message, setting: unknown.setting });
  const fields: RequestFields = {
    ...body,
    ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
    ...(Object.keys(options).length > 0 && { options }),
  };
  return { fields, warnings };
}

/** `options: { num_ctx: … }` and `num_ctx: …` say the same; the outer one wins. `null` means absent. */
function spreadOptions(extra: JsonObject = {}): JsonObject {
  const { options, ...rest } = extra;
  if (options !== undefined && options !== null && !isObject(options)) throw invalid("extra.options", "an object");
  return withoutNulls({ ...(isObject(options) && options), ...rest });
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

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

/** Checks an extra's type, and reads numbers and booleans that YAML or a form made into text. */
function coerce(kind: Kind, value: JsonValue, setting: string): JsonValue {
  switch (kind) {
    case "integer":
      return checked(numeric(value), Number.isInteger, setting, "an integer");
    case "number":
      return checked(numeric(value), (number) => typeof number === "number", setting, "a number");
    case "boolean":
      return checked(booleanLike(value), (flag) => typeof flag === "boolean", setting, "true or false");
    case "strings":
      return checked(
        typeof value === "string" ? [value] : value,
        isStringList,
        setting,
        "a string or a list of strings",
      );
    case "duration":
      return checked(numeric(value), isDuration, setting, 'a number of seconds or a duration such as "5m"');
    case "think":
      return checked(booleanLike(value), isThink, setting, 'true, false, "low", "medium", "high" or "max"');
    case "format":
      return checked(value, (format) => format === "json" || isObject(format), setting, '"json" or a JSON schema');
  }
}

function checked(value: JsonValue, test: (value: JsonValue) => boolean, setting: string, expected: string): JsonValue {
  if (test(value)) return value;
  throw invalid(setting, expected);
}

function numeric(value: JsonValue): JsonValue {
  return typeof value === "string" && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value.trim()) ? Number(value) : value;
}

function booleanLike(value: JsonValue): JsonValue {
  if (value === "true") return true;
  return value === "false" ? false : value;
}

function isStringList(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Go's duration syntax. A number without unit is seconds only as a number, so `numeric` has been here. */
function isDuration(value: JsonValue): boolean {
  return (
    typeof value === "number" || (typeof value === "string" && /^[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(value))
  );
}

function isThink(value: JsonValue): boolean {
  return typeof value === "boolean" || (typeof value === "string" && ["low", "medium", "high", "max"].includes(value));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(setting: string, expected: string): ProviderError {
  return new ProviderError({
    code: "invalid_value",
    message: `${setting.replace("extra.", "")} must be ${expected}.`,
    setting,
  });
}
