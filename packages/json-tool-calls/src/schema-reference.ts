import { type JsonObject, type JsonValue, ProviderError } from "@llamaduct/core";

/** Schemas that nest deeper are refused: every walk over them is recursive. */
export const MAX_SCHEMA_DEPTH = 64;

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What `$ref` stands for: a pointer into the schema (`#`, `#/$defs/x`), or an `$anchor`, `$id` or `id` of one of its definitions. */
export function resolveReference(root: JsonObject, reference: string, setting: string): JsonValue {
  const target = reference.startsWith("#/") || reference === "#" ? byPointer(root, reference) : byName(root, reference);
  if (target === undefined) throw invalidSchema(setting, "The schema refers to something that is not in it.");
  return target;
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

function byName(root: JsonObject, reference: string): JsonValue | undefined {
  const name = reference.replace(/^#/, "");
  return [root, ...definitions(root)].find(
    (schema) => isJsonObject(schema) && [schema["$anchor"], schema["$id"], schema["id"]].includes(name),
  );
}

function definitions(root: JsonObject): readonly JsonValue[] {
  return [root["$defs"], root["definitions"]].filter(isJsonObject).flatMap((map) => Object.values(map));
}

function decodeToken(token: string): string {
  const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(key);
  } catch {
    return key; // A percent sign that encodes nothing is a percent sign.
  }
}
