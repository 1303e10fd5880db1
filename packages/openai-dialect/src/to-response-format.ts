import type { JsonObject, ResponseFormat } from "@llamaduct/core";
import { present } from "./present.ts";
import type { GenerationParams } from "./request-params.ts";

export function toResponseFormat(format: GenerationParams["response_format"]): ResponseFormat | undefined {
  if (format === undefined || format === null) return undefined;
  if (format.type === "text") return { type: "text" };
  if (format.type === "json_object") return { type: "json" };
  const { schema, strict } = format.json_schema;
  // The schema has proven that it is JSON.
  return present<ResponseFormat>({ type: "json", schema: schema as JsonObject, strict });
}
