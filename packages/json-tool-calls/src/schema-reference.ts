import { type JsonObject, type JsonValue, ProviderError } from "@llamaduct/core";

/** Schemas that nest deeper are refused: every walk over them is recursive. */
export const MAX_SCHEMA_DEPTH = 64;

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Tells what a `$ref` stands for: a pointer into the schema (`#`, `#/$defs/x`), or an `$anchor`, `$id` or `id` of one of
 * its definitions. Throws `invalid_value`. Names are indexed once: schemas are clients', with thousands of both.
 */
export function createResolver(root: JsonObject, setting: string): (reference: string) => JsonValue {
  let names: ReadonlyMap<JsonValue, JsonValue> | undefined;
  return (reference) => {
    const isPointer = reference.startsWith("#/") || reference === "#";
    if (!isPointer) names ??= toNames(root);
    const target = isPointer ? byPointer(root, reference) : names?.get(reference.replace(/^#/, ""));
    if (target === undefined) throw invalidSchema(setting, "The schema refers to something that is not in it.");
    return target;
  };
}

export function invalidSchema(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}

function byPointer(root: JsonObject, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const token of pointer.split("/").slice(1)) {
    const key = decodeToken(token);
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** The first that has a name is meant. */
function toNames(root: JsonObject): ReadonlyMap<JsonValue, JsonValue> {
  const names = new Map<JsonValue, JsonValue>();
  const definitions = [root["$defs"], root["definitions"]].filter(isJsonObject).flatMap((map) => Object.values(map));
  for (const schema of [root, ...definitions].filter(isJsonObject))
    for (const name of [schema["$anchor"], schema["$id"], schema["id"]])
      if (name !== undefined && !names.has(name)) names.set(name, schema);
  return names;
}

function decodeToken(token: string): string {
  const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(key);
  } catch {
    return key; // A percent sign that encodes nothing is a percent sign.
  }
}
