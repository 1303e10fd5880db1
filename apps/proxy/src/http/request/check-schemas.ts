import type { Limits } from "../../config/limits.ts";
import { HttpError } from "../answer/http-error.ts";

type SchemaLimits = Pick<Limits, "schemaDepth" | "schemaValues" | "schemaCharacters">;

/** Whether the schemas of tools and of the answer are as small as they must be: layers and engines go over each again and again. */
export function checkSchemas(body: unknown, limits: SchemaLimits): void {
  // Of anything: what is no schema is for the engine to refuse.
  const { tools, response_format: responseFormat, format } = (body ?? {}) as Record<string, unknown>;
  if (Array.isArray(tools))
    for (const [index, tool] of tools.entries())
      checkSchema(member(tool, "function", "parameters"), `tools.${index}.function.parameters`, limits);
  checkSchema(member(responseFormat, "json_schema", "schema"), "response_format.json_schema.schema", limits);
  checkSchema(format, "format", limits);
}

function member(value: unknown, ...path: readonly string[]): unknown {
  // Optional access to a member of anything.
  return path.reduce((of, name) => (of as Record<string, unknown> | null | undefined)?.[name], value);
}

function checkSchema(
  schema: unknown,
  param: string,
  { schemaDepth, schemaValues, schemaCharacters }: SchemaLimits,
): void {
  if (typeof schema !== "object" || schema === null) return;
  let [values, characters] = [0, 0];

  function walk(value: unknown, depth: number): void {
    values += 1;
    if (typeof value === "string") characters += value.length;
    if (values > schemaValues) throw tooMuch(param, `has more than ${schemaValues} values`);
    if (characters > schemaCharacters) throw tooMuch(param, `is larger than ${schemaCharacters} characters`);
    if (typeof value !== "object" || value === null) return;
    if (depth > schemaDepth) throw tooMuch(param, `is nested deeper than ${schemaDepth} levels`);
    if (!Array.isArray(value)) for (const name of Object.keys(value)) characters += name.length;
    for (const each of Object.values(value)) walk(each, depth + 1);
  }
  walk(schema, 1);
}

function tooMuch(param: string, what: string): HttpError {
  return new HttpError("invalid_value", `${param} ${what}.`, { param });
}
