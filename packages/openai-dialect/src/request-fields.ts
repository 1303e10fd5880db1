import type { JsonObject } from "@llamaduct/core";
import { z } from "zod";
import { isJsonObject, MAX_JSON_DEPTH } from "./json.ts";
import type { GenerationParams, ResponseFormatParam, StreamOptionsParam } from "./request-params.ts";
import { type Fields, settingFields } from "./setting-fields.ts";

// Schemas that several requests have in common.

export const jsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>(
  isJsonObject,
  `a JSON object of at most ${MAX_JSON_DEPTH} levels`,
);
/** Checked as one value, so that no path in an error holds a key the caller made up. */
const numbers = z.custom<Record<string, number>>(isNumbers, "an object of numbers");

const responseFormat: z.ZodType<ResponseFormatParam> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({
    type: z.literal("json_schema"),
    json_schema: z.object({
      name: z.string().nullish(),
      description: z.string().nullish(),
      schema: jsonObject,
      strict: z.boolean().nullish(),
    }),
  }),
]);
const streamOptions: z.ZodType<StreamOptionsParam> = z.object({
  include_usage: z.boolean().nullish(),
  include_obfuscation: z.boolean().nullish(),
});

/** What is dropped has been dropped before a schema looks. */
type Decoded = Omit<GenerationParams, "drop_params" | "additional_drop_params" | "allowed_openai_params">;

export const generationFields: Fields<Decoded> = {
  ...settingFields,
  response_format: responseFormat.nullish(),
  logit_bias: numbers.nullish(),
  stream_options: streamOptions.nullish(),
};

function isNumbers(value: unknown): boolean {
  return isJsonObject(value) && Object.values(value).every((member) => typeof member === "number");
}
