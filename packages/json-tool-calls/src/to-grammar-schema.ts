import type { JsonObject, JsonValue } from "@llamaduct/core";
import { createResolver, invalidSchema, isJsonObject, MAX_SCHEMA_DEPTH } from "./schema-reference.ts";
import { toBounds } from "./to-bounds.ts";

export interface GrammarSchemaOptions {
  /** Before the names of this schema's definitions, so that those of several schemas live side by side. */
  readonly prefix: string;
  /** Contract path to blame, `tools.0.parameters`. */
  readonly setting: string;
  /** Gets what the schema refers to. It is to stand under `$defs` of the schema that the result becomes a part of. */
  readonly definitions: Record<string, JsonObject>;
}

/**
 * A schema with only what grammar compilers take. What they do not know, they refuse, or worse: `pattern` with `\d`,
 * `(?:` or a lookahead, an empty `oneOf` and bounds that cannot be met each end a whole server of 2026. So keywords are
 * chosen, not dropped, and the loose ends (`true`, a bare description, an unknown `type`) become "any value".
 * Recursion stays, as `$ref`. Throws `invalid_value` where a schema is none.
 */
export function toGrammarSchema(root: JsonObject, { prefix, setting, definitions }: GrammarSchemaOptions): JsonObject {
  const resolve = createResolver(root, setting);
  const targets = new Map<string, JsonValue>();
  const names = new Map<JsonValue, string>();
  const undone: { readonly name: string; readonly target: JsonValue }[] = [];

  function convert(schema: JsonValue | undefined, depth = 0): JsonObject | undefined {
    if (depth > MAX_SCHEMA_DEPTH) throw invalidSchema(setting, "The schema is nested too deeply.");
    if (schema === false) return undefined;
    if (!isJsonObject(schema)) return ANYTHING;
    const inner = (value: JsonValue | undefined) => convert(value, depth + 1);
    const alternatives = (value: JsonValue | undefined): readonly JsonObject[] | undefined => {
      const items: readonly JsonValue[] = Array.isArray(value) ? value : [];
      const converted = items.map(inner).filter((item) => item !== undefined);
      return converted.length === 0 ? undefined : converted;
    };

    const reference = schema["$ref"];
    if (typeof reference === "string") return { $ref: `#/$defs/${define(reference)}` };
    const all = alternatives(schema["allOf"]);
    const properties = schema["properties"];
    const items = Array.isArray(schema["items"]) ? undefined : schema["items"];
    const extra = schema["additionalProperties"];
    const shape = present({
      type: toType(schema["type"]),
      enum: toList(schema["enum"]),
      const: schema["const"],
      properties: isJsonObject(properties) ? toProperties(properties, inner) : undefined,
      additionalProperties: typeof extra === "boolean" ? extra : extra && inner(extra),
      items: items === undefined ? undefined : inner(items),
      prefixItems: alternatives(
        items === undefined ? (schema["items"] ?? schema["prefixItems"]) : schema["prefixItems"],
      ),
      anyOf: alternatives(schema["anyOf"]),
      oneOf: alternatives(schema["oneOf"]),
      allOf: all?.length === 1 ? undefined : all,
    });
    const only = all?.length === 1 ? all[0] : undefined;
    if (Object.keys(shape).every((key) => key === "additionalProperties" && shape[key] === true))
      return only ?? ANYTHING;
    return { ...only, ...shape, ...toLimits(schema) };
  }

  function define(reference: string): string {
    const target = followed(reference);
    const known = names.get(target);
    if (known !== undefined) return known;
    const name = `${prefix}_${names.size}`;
    names.set(target, name);
    undone.push({ name, target });
    return name;
  }

  /**
   * What is at the end of references to references. One to itself stands for nothing, and no grammar could be made of it.
   * Each is followed once: thousands that lead to one long chain would take minutes.
   */
  function followed(reference: string): JsonValue {
    const passed = new Set<string>();
    let target: JsonValue | undefined;
    for (let next = reference; target === undefined; ) {
      if (passed.has(next)) throw invalidSchema(setting, "The schema has a reference that only refers to itself.");
      passed.add(next);
      const found = targets.get(next) ?? resolve(next);
      const further = isJsonObject(found) ? found["$ref"] : undefined;
      if (typeof further === "string") next = further;
      else target = found;
    }
    for (const each of passed) targets.set(each, target);
    return target;
  }

  const result = convert(root) ?? ANYTHING;
  for (let next = undone.shift(); next !== undefined; next = undone.shift())
    definitions[next.name] = convert(next.target) ?? ANYTHING;
  return result;
}

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"];
const ANYTHING: JsonObject = { type: TYPES.filter((type) => type !== "integer") };

function toProperties(properties: JsonObject, convert: (schema: JsonValue) => JsonObject | undefined): JsonObject {
  return present(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, convert(schema)])));
}

function toType(type: JsonValue | undefined): JsonValue | undefined {
  if (typeof type === "string") return TYPES.includes(type) ? type : undefined;
  const known = Array.isArray(type) ? type.filter((name) => TYPES.some((known) => known === name)) : [];
  return known.length === 0 ? undefined : known;
}

function toList(value: JsonValue | undefined): JsonValue | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}

function toLimits(schema: JsonObject): JsonObject {
  const { required, format } = schema;
  const names = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  return present({
    required: names.length === 0 ? undefined : names,
    format: typeof format === "string" ? format : undefined,
    ...toBounds(schema),
  });
}

function present(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
