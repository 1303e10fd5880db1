import type { JsonObject } from "@llamaduct/core";
import { z } from "zod";
import { isJsonObject, MAX_JSON_DEPTH } from "./json.ts";
import type {
  EffortParam,
  GenerationParams,
  Optional,
  ResponseFormatParam,
  StreamOptionsParam,
} from "./request-params.ts";

// Schemas that several requests have in common.

export const filled: z.ZodType<string> = z.string().min(1);
export const jsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>(
  isJsonObject,
  `a JSON object of at most ${MAX_JSON_DEPTH} levels`,
);
/** Checked as one value, so that no path in an error holds a key the caller made up. */
const numbers = z.custom<Record<string, number>>(isNumbers, "an object of numbers");
const optionalNumber: z.ZodType<Optional<number>> = z.number().nullish();
const optionalTokens: z.ZodType<Optional<number>> = z.int().min(1).nullish();

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
const effort: z.ZodType<EffortParam> = z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra"]);
const streamOptions: z.ZodType<StreamOptionsParam> = z.object({
  include_usage: z.boolean().nullish(),
  include_obfuscation: z.boolean().nullish(),
});

type Fields<Params> = { readonly [Field in keyof Params]-?: z.ZodType<Params[Field]> };

/** What is dropped has been dropped before a schema looks. */
type Decoded = Omit<GenerationParams, "drop_params" | "additional_drop_params" | "allowed_openai_params">;

export const generationFields: Fields<Decoded> = {
  model: filled,
  response_format: responseFormat.nullish(),
  reasoning_effort: z.union([effort, z.object({ effort: effort.nullish() })]).nullish(),
  max_completion_tokens: optionalTokens,
  max_tokens: optionalTokens,
  temperature: optionalNumber,
  top_p: optionalNumber,
  top_k: optionalNumber,
  min_p: optionalNumber,
  frequency_penalty: optionalNumber,
  presence_penalty: optionalNumber,
  logit_bias: numbers.nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  n: z.int().min(1).max(128).nullish(),
  stream: z.boolean().nullish(),
  stream_options: streamOptions.nullish(),
};

function isNumbers(value: unknown): boolean {
  return isJsonObject(value) && Object.values(value).every((member) => typeof member === "number");
}
