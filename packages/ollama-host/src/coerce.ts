import { type JsonObject, type JsonValue, ProviderError } from "@llamaduct/core";

/** What values a field of Ollama's takes. */
export type Kind =
  | "integer"
  | "number"
  | "boolean"
  | "string"
  | "strings"
  | "duration"
  | "think"
  | "format"
  | "context";

/** Each kind in words, for messages and for the adapters' READMEs. */
export const KINDS: Readonly<Record<Kind, string>> = {
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  string: "a string",
  strings: "a string or a list of strings",
  duration: 'a number of seconds or a duration such as "5m"',
  think: 'true, false, "low", "medium", "high" or "max"',
  format: '"json" or a JSON schema',
  context: "true or a list of token ids",
};

/**
 * Checks a value and reads what YAML or a form made into text: `"4096"`, `"true"`, `"-1"`. Throws `invalid_value` naming
 * the setting: the server answers 500 to most of these.
 */
export function coerce(kind: Kind, value: JsonValue, setting: string): JsonValue {
  const read = readers[kind](value);
  if (read !== undefined) return read;
  const message = `${setting.replace(/^extra\./, "")} must be ${KINDS[kind]}.`;
  throw new ProviderError({ code: "invalid_value", message, setting });
}

const readers: Readonly<Record<Kind, (value: JsonValue) => JsonValue | undefined>> = {
  integer: (value) => keepIf(numeric(value), Number.isInteger),
  number: (value) => keepIf(numeric(value), (number) => typeof number === "number"),
  boolean: (value) => keepIf(booleanLike(value), (flag) => typeof flag === "boolean"),
  string: (value) => keepIf(value, (text) => typeof text === "string"),
  strings: (value) => keepIf(typeof value === "string" ? [value] : value, isStringList),
  duration: (value) => keepIf(numeric(value), isDuration),
  think: (value) => keepIf(booleanLike(value), isThink),
  format: (value) => keepIf(value, (format) => format === "json" || isJsonObject(format)),
  context: (value) => keepIf(booleanLike(value), (context) => context === true || isTokenList(context)),
};

/** Whether a value is a JSON object, not an array. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keepIf(value: JsonValue, test: (value: JsonValue) => boolean): JsonValue | undefined {
  return test(value) ? value : undefined;
}

function numeric(value: JsonValue): JsonValue {
  return typeof value === "string" && /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value.trim()) ? Number(value) : value;
}

function booleanLike(value: JsonValue): JsonValue {
  if (value === "true") return true;
  return value === "false" ? false : value;
}

function isStringList(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isTokenList(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 0);
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
