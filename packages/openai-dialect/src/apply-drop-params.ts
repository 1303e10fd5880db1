import type { Warning } from "@llamaduct/core";
import { z } from "zod";
import { invalidField, toFieldError } from "./field-error.ts";
import { MAX_JSON_DEPTH } from "./json.ts";
import type { RoutingParams } from "./request-params.ts";

export interface AppliedDropParams {
  /** What is left to decode. */
  readonly body: object;
  /** `drop_params: false` asked for it; leniency is what we do unasked. */
  readonly strictSettings: true | undefined;
  /** One for each field that was there and is not any more. */
  readonly warnings: readonly Warning[];
}

/** LiteLLM's `drop_params`, `additional_drop_params` and `allowed_openai_params`, done and taken out of a request. */
export function applyDropParams(body: unknown): AppliedDropParams {
  // Next to no request has any.
  if (typeof body === "object" && body !== null && !FIELDS.some((name) => name in body))
    return { body, strictSettings: undefined, warnings: [] };
  const parsed = dropSchema.safeParse(body);
  if (!parsed.success) throw toFieldError(parsed.error.issues, body);
  // The schema has proven that the body is an object.
  const { drop_params, additional_drop_params, allowed_openai_params, ...rest } = body as Fields;
  let left: Fields = rest;
  const warnings: Warning[] = [];
  for (const [index, name] of (parsed.data.additional_drop_params ?? []).entries()) {
    const path = name.match(/[^.[\]]+/g) ?? [];
    if (path.length > MAX_JSON_DEPTH) {
      throw invalidField(`additional_drop_params.${index}`, `must have at most ${MAX_JSON_DEPTH} levels`);
    }
    const without = drop(left, path);
    if (without === left) continue;
    left = without;
    const setting = name.slice(0, 128);
    warnings.push({ setting, message: `${setting} was dropped, as additional_drop_params asks.` });
  }
  return { body: left, strictSettings: parsed.data.drop_params === false ? true : undefined, warnings };
}

type Fields = Readonly<Record<string, unknown>>;

const FIELDS = ["drop_params", "additional_drop_params", "allowed_openai_params"] as const;

export const dropSchema: z.ZodType<Omit<RoutingParams, "model">> = z.object({
  drop_params: z.boolean().nullish(),
  additional_drop_params: z.array(z.string()).max(128).nullish(),
  allowed_openai_params: z.array(z.string()).nullish(),
});

/** The same object when there is nothing at the path; otherwise a copy, what is off the path shared. */
function drop(fields: Fields, [name, ...rest]: readonly string[]): Fields {
  if (name === undefined || !Object.hasOwn(fields, name)) return fields;
  const { [name]: value, ...others } = fields;
  if (value === undefined || value === null) return fields;
  if (rest.length === 0) return others;
  const left = dropWithin(value, rest);
  return left === value ? fields : { ...fields, [name]: left };
}

function dropWithin(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return dropItems(value, path);
  // What is neither an array nor a scalar has members.
  return typeof value === "object" && value !== null ? drop(value as Fields, path) : value;
}

/** `*` stands for every item. */
function dropItems(items: readonly unknown[], [position, ...rest]: readonly string[]): readonly unknown[] {
  const isMeant = (index: number) => position === "*" || position === String(index);
  const left =
    rest.length === 0
      ? items.filter((_, index) => !isMeant(index))
      : items.map((item, index) => (isMeant(index) ? dropWithin(item, rest) : item));
  return left.length === items.length && left.every((item, index) => item === items[index]) ? items : left;
}
