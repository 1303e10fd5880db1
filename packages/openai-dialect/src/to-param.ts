import type { SettingName } from "@llamaduct/core";

const SETTINGS: Readonly<Record<SettingName, string>> = {
  maxOutputTokens: "max_tokens",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  logitBias: "logit_bias",
  seed: "seed",
  stop: "stop",
  logprobs: "logprobs",
};

/** Longest prefix first: a path below `responseFormat.schema` is one below OpenAI's schema. */
const FIELDS: readonly (readonly [string, string])[] = [
  ...Object.entries(SETTINGS).map(([name, field]) => [`settings.${name}`, field] as const),
  ["responseFormat.schema", "response_format.json_schema.schema"],
  ["responseFormat", "response_format"],
  ["toolChoice", "tool_choice"],
  ["parallelToolCalls", "parallel_tool_calls"],
  ["reasoning", "reasoning_effort"],
  ["baseURL", "api_base"],
];

/** A contract path as OpenAI's request spells it; what needs no translation stays as it is. */
export function toParam(setting: string | undefined): string | null {
  if (setting === undefined) return null;
  if (setting.startsWith("extra.")) return setting.slice("extra.".length);
  for (const [path, field] of FIELDS) {
    if (setting === path || setting.startsWith(`${path}.`)) return field + setting.slice(path.length);
  }
  return setting.replace(TOOL_MEMBER, "$1.function.$2");
}

const TOOL_MEMBER = /^(tools\.\d+)\.(name|description|parameters)\b/;
