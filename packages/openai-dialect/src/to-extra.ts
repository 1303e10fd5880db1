import type { JsonObject } from "@llamaduct/core";
import { invalidField } from "./field-error.ts";
import { isJson, MAX_JSON_DEPTH } from "./json.ts";
import { NO_EFFECT } from "./no-effect.ts";

/** What the provider is given as it is spelt: every field that is neither `known` to the decoder nor without effect. */
export function toExtra(body: object, known: ReadonlySet<string>): JsonObject | undefined {
  const extra = Object.entries(body).flatMap(([name, value]) => {
    if (value === undefined || value === null || known.has(name) || NO_EFFECT.has(name)) return [];
    if (!isJson(value)) throw invalidField(name.slice(0, 128), `must be JSON of at most ${MAX_JSON_DEPTH} levels`);
    return [[name, value] as const];
  });
  return extra.length === 0 ? undefined : Object.fromEntries(extra);
}
