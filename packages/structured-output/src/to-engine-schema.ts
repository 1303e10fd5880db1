import type { JsonObject, JsonValue } from "@llamaduct/core";
import { isEnginePattern } from "./is-engine-pattern.ts";
import { BOUNDS, toBounds } from "./to-bounds.ts";

/**
 * A schema as engines take it that make a grammar of it. Keywords that they refuse, or worse, are left out, and so is a
 * sub-schema of which no grammar comes: more may be generated then, never less. For sending only: validation has the
 * caller's own.
 */
export function toEngineSchema(schema: JsonObject): JsonObject {
  const bounds = toBounds(schema);
  const kept = Object.entries(schema).filter(
    ([keyword, value]) => isTakenByEngines(keyword, value) && (!BOUNDS.has(keyword) || keyword in bounds),
  );
  return kept.some(([keyword]) => SHAPING.has(keyword))
    ? Object.fromEntries(kept.map(([keyword, value]) => [keyword, toEngineKeyword(keyword, value)]))
    : {};
}

/** Without one of these an engine knows nothing to generate; `{}` is the only way to say "anything". */
const SHAPING = new Set([
  "type",
  "enum",
  "const",
  "properties",
  "additionalProperties",
  "items",
  "prefixItems",
  "anyOf",
  "oneOf",
  "allOf",
  "$ref",
]);
const SILENT = new Set(["$schema", "$id", "$comment"]);

function isTakenByEngines(keyword: string, value: JsonValue): boolean {
  if (keyword === "pattern") return typeof value !== "string" || isEnginePattern(value);
  return !SILENT.has(keyword);
}

const MAPS = new Set(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]);
const LISTS = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);
const SINGLE = new Set(["items", "contains", "propertyNames", "not", "if", "then", "else"]);
/** Here engines know a boolean, and the grammar is tighter for `false`. */
const OPEN_ENDS = new Set(["additionalProperties", "unevaluatedProperties", "additionalItems", "unevaluatedItems"]);

/** Values of other keywords are data: `default: true` is no schema. */
function toEngineKeyword(keyword: string, value: JsonValue): JsonValue {
  if (MAPS.has(keyword) && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, toEngineSubschema(schema)]));
  }
  if (LISTS.has(keyword) && Array.isArray(value)) return value.map(toEngineSubschema);
  if (SINGLE.has(keyword)) return toEngineSubschema(value);
  if (OPEN_ENDS.has(keyword) && isObject(value)) return toEngineSchema(value);
  return value;
}

/** Booleans are refused; there is no way to say "nothing". */
function toEngineSubschema(schema: JsonValue): JsonValue {
  if (typeof schema === "boolean") return {};
  return isObject(schema) ? toEngineSchema(schema) : schema;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
