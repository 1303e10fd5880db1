import { invalidField } from "./field-error.ts";

/** Engines make a grammar of a schema in time cubic in these: 250 take 20 ms, 2,000 take 20 s and the whole server waits. */
const MAX_OPTIONAL = 250;
/** 20,000 take 4 s, 2,000 half a second. */
const MAX_ENUM = 2000;

/**
 * Throws for a schema that would keep an engine busy before its first token: no schema that says what an answer is like
 * has so many properties that may be left out, or so many values. `path` is its field, `tools.0.function.parameters`.
 */
export function checkSchemaSize(schema: unknown, path: string): void {
  if (typeof schema !== "object" || schema === null) return;
  // Of any object, since whatever stands in a schema may be one: a property may be called `properties` as well.
  const { properties, required, enum: values } = schema as Readonly<Record<string, unknown>>;
  if (optional(properties, required) > MAX_OPTIONAL)
    throw invalidField(path, `has more than ${MAX_OPTIONAL} properties in one object that are not required`);
  if (Array.isArray(values) && values.length > MAX_ENUM)
    throw invalidField(path, `has more than ${MAX_ENUM} values in one enum`);
  for (const member of Object.values(schema)) checkSchemaSize(member, path);
}

function optional(properties: unknown, required: unknown): number {
  if (typeof properties !== "object" || properties === null) return 0;
  const count = Object.keys(properties).length;
  return Array.isArray(required) ? count - required.length : count;
}
