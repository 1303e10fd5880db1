import type { JsonObject } from "@llamaduct/core";
import { z } from "zod";
import type { ChatCompletionRequest } from "./chat-completion-request.ts";
import { isJsonObject, MAX_JSON_DEPTH } from "./json.ts";

const filled = z.string().min(1);
const jsonObject = z.custom<JsonObject>(isJsonObject, `a JSON object of at most ${MAX_JSON_DEPTH} levels`);
/** Checked as one value, so that no path in an error holds a key the caller made up. */
const numbers = z.custom<Record<string, number>>(isNumbers, "an object of numbers");
/** What OpenAI knows and we refuse: any value is an error, which `toFieldError` words. */
const refused = z.null().optional();

const textPart = z.object({ type: z.literal("text"), text: z.string() });
const refusalPart = z.object({ type: z.literal("refusal"), refusal: z.string() });
const imagePart = z.object({
  type: z.literal("image_url"),
  image_url: z.union([z.string(), z.object({ url: z.string() })]),
});
const textContent = z.union([z.string(), z.array(textPart)]);
const userContent = z.union([z.string(), z.array(z.discriminatedUnion("type", [textPart, imagePart]))]);
const assistantContent = z.union([z.string(), z.array(z.discriminatedUnion("type", [textPart, refusalPart]))]);

const toolCall = z.object({
  type: z.literal("function"),
  id: filled,
  function: z.object({ name: filled, arguments: z.string().nullish() }),
});
const message = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "developer"]), content: textContent }),
  z.object({ role: z.literal("user"), content: userContent, name: z.string().nullish() }),
  z.object({
    role: z.literal("assistant"),
    content: assistantContent.nullish(),
    refusal: z.string().nullish(),
    name: z.string().nullish(),
    reasoning_content: z.string().nullish(),
    reasoning: z.string().nullish(),
    thinking: z.string().nullish(),
    tool_calls: z.array(toolCall).nullish(),
    audio: refused,
    function_call: refused,
  }),
  z.object({ role: z.literal("tool"), tool_call_id: z.string(), content: textContent }),
]);

const tool = z.object({
  type: z.literal("function"),
  function: z.object({
    name: filled,
    description: z.string().nullish(),
    parameters: jsonObject.nullish(),
    strict: z.boolean().nullish(),
  }),
});
const toolChoice = z.union([
  z.enum(["auto", "none", "required"]),
  z.object({ type: z.literal("function"), function: z.object({ name: filled }) }),
]);
const responseFormat = z.discriminatedUnion("type", [
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
const effort = z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);

const shape = {
  model: filled,
  messages: z.array(message).min(1),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  reasoning_effort: z.union([effort, z.object({ effort: effort.nullish() })]).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  min_p: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  logit_bias: numbers.nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  n: z.int().min(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .object({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
    .nullish(),
  modalities: z.array(z.literal("text")).nullish(),
  audio: refused,
  functions: refused,
  function_call: refused,
  moderation: refused,
  web_search_options: refused,
};

export const requestSchema: z.ZodType<ChatCompletionRequest> = z.object(shape);

export const modelSchema: z.ZodType<Pick<ChatCompletionRequest, "model">> = z.object({ model: shape.model });

/** Top-level fields the schema reads; the rest is `extra`. */
export const schemaFields: ReadonlySet<string> = new Set(Object.keys(shape));

function isNumbers(value: unknown): boolean {
  return isJsonObject(value) && Object.values(value).every((member) => typeof member === "number");
}
