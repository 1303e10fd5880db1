import type { JsonObject, JsonValue, ToolDefinition } from "@llamaduct/core";
import { createResolver, isJsonObject, MAX_SCHEMA_DEPTH } from "./schema-reference.ts";
import { toParameters } from "./to-parameters.ts";

/**
 * Tools for upstreams that keep only part of JSON Schema: `$ref` inlined, boolean schemas rewritten, `const` as `enum`,
 * `oneOf` as `anyOf`, an `allOf` of one merged, and bounds told in the description too. `undefined` where a schema
 * refers to itself, or would grow past all measure: such tools need a grammar.
 */
export function toNativeTools(tools: readonly ToolDefinition[]): readonly ToolDefinition[] | undefined {
  const converted: ToolDefinition[] = [];
  const budget: Budget = { schemas: MAX_SCHEMAS };
  for (const [index, tool] of tools.entries()) {
    const setting = `tools.${index}.parameters`;
    const parameters = inlined(toParameters(tool, setting), setting, budget);
    if (parameters === undefined) return undefined;
    converted.push({ ...tool, parameters: { type: "object", properties: {}, required: [], ...parameters } });
  }
  return converted;
}

/** Inlining may double a schema with every level; what is larger than this is not told to a model anyway. Of all tools. */
const MAX_SCHEMAS = 20_000;

interface Budget {
  schemas: number;
}

const ONE = ["items", "contains", "propertyNames", "not", "if", "then", "else"];
/** Here a boolean is understood. */
const ONE_OR_BOOLEAN = ["additionalProperties", "additionalItems", "unevaluatedProperties", "unevaluatedItems"];
const MANY = ["anyOf", "oneOf", "allOf", "prefixItems", "items"];
const NAMED = ["properties", "patternProperties", "dependentSchemas"];
const GONE = ["$ref", "$defs", "definitions", "$schema", "$id", "$anchor", "const"];

function inlined(root: JsonObject, setting: string, budget: Budget): JsonObject | undefined {
  const resolve = createResolver(root, setting);
  const open = new Set<JsonValue>();
  let isEndless = false;

  function convert(schema: JsonValue, depth: number): JsonValue | undefined {
    if (schema === false) return undefined;
    if (!isJsonObject(schema)) return {};
    if (--budget.schemas < 0 || depth > MAX_SCHEMA_DEPTH || open.has(schema)) isEndless = true;
    if (isEndless) return {};
    open.add(schema);
    const { $ref: reference } = schema;
    const target = typeof reference === "string" ? convert(resolve(reference), depth + 1) : {};
    const own = Object.entries(schema).flatMap(([key, value]) => {
      const kept = GONE.includes(key) ? undefined : convertMember(key, value, depth + 1);
      return kept === undefined ? [] : [[key, kept] as const];
    });
    open.delete(schema);
    return tidy({ ...(isJsonObject(target) && target), ...Object.fromEntries(own) }, schema);
  }

  function convertMember(key: string, value: JsonValue, depth: number): JsonValue | undefined {
    if (MANY.includes(key) && Array.isArray(value)) return value.flatMap((item) => convert(item, depth) ?? []);
    if (ONE_OR_BOOLEAN.includes(key) && typeof value === "boolean") return value;
    if (ONE.includes(key) || ONE_OR_BOOLEAN.includes(key)) return convert(value, depth);
    if (!NAMED.includes(key) || !isJsonObject(value)) return value;
    const members = Object.entries(value).flatMap(([name, schema]) => {
      const converted = convert(schema, depth);
      return converted === undefined ? [] : [[name, converted] as const];
    });
    return Object.fromEntries(members);
  }

  const result = convert(root, 0);
  return isEndless || !isJsonObject(result) ? undefined : result;
}

function tidy(schema: JsonObject, source: JsonObject): JsonObject {
  const { oneOf, allOf, ...own } = schema;
  const merged = Array.isArray(allOf) && allOf.length === 1 && isJsonObject(allOf[0]) ? allOf[0] : undefined;
  const rest: JsonObject = { ...merged, ...own };
  return {
    ...rest,
    ...(allOf !== undefined && merged === undefined && { allOf }),
    ...(oneOf !== undefined && (rest["anyOf"] === undefined ? { anyOf: oneOf } : { oneOf })),
    ...(source["const"] !== undefined && { enum: [source["const"]] }),
    ...tellBounds(rest),
  };
}

function tellBounds(schema: JsonObject): JsonObject {
  const bounds = BOUNDS.filter((key) => schema[key] !== undefined).map(
    (key) => `${key} ${JSON.stringify(schema[key])}`,
  );
  if (bounds.length === 0) return {};
  const told = `(${bounds.join(", ")})`;
  const { description } = schema;
  if (typeof description !== "string" || description === "") return { description: told };
  // What a reference stood for has told its own.
  return description.endsWith(told) ? {} : { description: `${description} ${told}` };
}

const BOUNDS = [
  "format",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "uniqueItems",
  "default",
];
