/** What is not OpenAI's name in camel case; longest prefix first. */
const FIELDS: readonly (readonly [string, string])[] = [
  ["settings.maxOutputTokens", "max_tokens"],
  ["responseFormat.schema", "response_format.json_schema.schema"],
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
  return setting
    .replace(/^settings\./, "")
    .replace(/^[^.]+/, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .replace(TOOL_MEMBER, "$1.function.$2");
}

const TOOL_MEMBER = /^(tools\.\d+)\.(name|description|parameters)\b/;
