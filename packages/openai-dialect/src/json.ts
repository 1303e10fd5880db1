import type { JsonObject, JsonValue } from "@llamaduct/core";

/** Deeper JSON is refused: `JSON.stringify` overflows the stack some thousand levels down, long after we said yes. */
export const MAX_JSON_DEPTH = 64;

/** Whether a value is JSON of bounded depth. Members that are `undefined` count as absent, as they do when written. */
export function isJson(value: unknown, depth: number = MAX_JSON_DEPTH): value is JsonValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1));
  return Object.values(value).every((item) => item === undefined || isJson(item, depth - 1));
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && !Array.isArray(value) && value !== null && isJson(value);
}
