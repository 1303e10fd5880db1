import type { JsonObject, ResponseFormat } from "@llamaduct/core";
import { checkSchemaSize } from "./check-schema-size.ts";
import { present } from "./present.ts";
import type { GenerationParams } from "./request-params.ts";

/** What a request says of its answer's form, and its extras without that. */
export interface FormatAndExtra {
  readonly responseFormat: ResponseFormat | undefined;
  readonly extra: JsonObject | undefined;
}

/**
 * OpenAI's `response_format`, else the `format` of other servers, `"json"` or a schema: then it is checked and cleaned
 * like any schema on its way. A `format` of another shape stays an extra, for the provider to refuse.
 */
export function toFormatAndExtra(
  format: GenerationParams["response_format"],
  extra: JsonObject | undefined,
): FormatAndExtra {
  const responseFormat = toResponseFormat(format);
  const { format: bare, ...rest } = extra ?? {};
  const isSchema = typeof bare === "object" && bare !== null && !Array.isArray(bare);
  if (responseFormat !== undefined || (bare !== "json" && !isSchema)) return { responseFormat, extra };
  if (isSchema) checkSchemaSize(bare, "format");
  // What is no list is an object.
  const schema = isSchema ? { schema: bare as JsonObject } : {};
  return {
    responseFormat: { type: "json", ...schema },
    extra: Object.keys(rest).length === 0 ? undefined : rest,
  };
}

function toResponseFormat(format: GenerationParams["response_format"]): ResponseFormat | undefined {
  if (format === undefined || format === null) return undefined;
  if (format.type === "text") return { type: "text" };
  if (format.type === "json_object") return { type: "json" };
  const { schema, strict } = format.json_schema;
  checkSchemaSize(schema, "response_format.json_schema.schema");
  // The schema has proven that it is JSON.
  return present<ResponseFormat>({ type: "json", schema: schema as JsonObject, strict });
}
