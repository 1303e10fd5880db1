import type { JsonObject, ToolDefinition } from "@llamaduct/core";
import { invalidSchema, isJsonObject } from "./schema-reference.ts";

/** A tool's schema as one of an object, empty where there is none (B11). */
export function toParameters(tool: ToolDefinition, setting: string): JsonObject {
  // Typed as required, but callers without types leave it out.
  const parameters: JsonObject = isJsonObject(tool.parameters) ? tool.parameters : {};
  const { type } = parameters;
  if ((typeof type === "string" && type !== "object") || (Array.isArray(type) && !type.includes("object")))
    throw invalidSchema(setting, 'The parameters of a tool are an object: their schema must have "type": "object".');
  const isComposed = ["$ref", "anyOf", "oneOf", "allOf"].some((key) => parameters[key] !== undefined);
  if (isComposed) return parameters;
  const isOpen = type !== undefined || parameters["additionalProperties"] !== undefined;
  return { ...(isOpen ? {} : { properties: {} }), ...parameters, type: "object" };
}
