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
import type { GenerateFields } from "./generate-wire.ts";
import type { PlacedExtras } from "./place-extras.ts";

/** What chat and text requests have in common. */
export type CommonRequest = Pick<ChatRequest, "settings" | "strictSettings" | "reasoning" | "responseFormat">;

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

export interface FieldsOptions {
  /** The request's, placed; `undefined` when it has none. */
  readonly extras: PlacedExtras | undefined;
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
export function toRequestFields(request: CommonRequest, { extras, capabilities }: FieldsOptions): ConvertedFields {
  const warnings: Warning[] = [...(extras?.warnings ?? [])];
  /** Said in any case: these are honoured as nearly as can be. */
  const notices: Warning[] = [];
  const options: Record<string, JsonValue> = { ...extras?.options };
  const body: Record<string, JsonValue> = { truncate: false, ...extras?.body };
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
