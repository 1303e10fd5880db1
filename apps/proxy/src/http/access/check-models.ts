import { HttpError } from "../answer/http-error.ts";
import type { Asker } from "./keyring.ts";
import { mayUse } from "./may-use.ts";

/** A key may ask for a model, and for others in its place, only as far as the operator allows: else `not_allowed`. */
export function checkModels(asker: Asker, body: unknown): void {
  if (asker.key?.models === undefined || typeof body !== "object" || body === null) return;
  const { model, models, fallbacks } = body as Readonly<Record<"model" | "models" | "fallbacks", unknown>>;
  // A model that is no text is an error that the engine words.
  if (typeof model === "string" && !mayUse(asker, model)) throw notAllowed("model");
  for (const [param, value] of Object.entries({ models, fallbacks }))
    if (!names(value).every((name) => mayUse(asker, name))) throw notAllowed(param);
}

/** Of `["a", { model: "b" }, { c: ["d"] }]`, all: which of them are models, the engine decides. */
function names(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(names);
  if (typeof value !== "object" || value === null) return [];
  if ("model" in value) return names(value.model);
  return Object.values(value).flatMap(names);
}

function notAllowed(param: string): HttpError {
  return new HttpError("not_allowed", "This key may not use the model. GET /v1/models lists what it may.", { param });
}
