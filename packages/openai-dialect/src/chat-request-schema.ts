import { z } from "zod";
import type { ChatCompletionRequest } from "./chat-completion-request.ts";
import { generationFields, jsonObject } from "./request-fields.ts";
import { filled } from "./setting-fields.ts";

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
  z.object({
    role: z.literal("user"),
    content: userContent,
    name: z.string().nullish(),
    images: z.array(z.string()).nullish(),
  }),
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
const shape = {
  ...generationFields,
  messages: z.array(message).min(1),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  merge_reasoning_content_in_choices: z.boolean().nullish(),
  modalities: z.array(z.literal("text")).nullish(),
  audio: refused,
  functions: refused,
  function_call: refused,
  moderation: refused,
  web_search_options: refused,
};

export const chatSchema: z.ZodType<ChatCompletionRequest> = z.object(shape);

/** Top-level fields the schema reads; the rest is `extra`. */
export const chatFields: ReadonlySet<string> = new Set(Object.keys(shape));
