import type OpenAI from "openai";
import { expectTypeOf, it } from "vitest";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessage,
  ChatCompletionRequest,
  MessageParam,
  ModelList,
  OpenAIErrorBody,
} from "./index.ts";

it("answers can stand in for the types of OpenAI's SDK", () => {
  expectTypeOf<ChatCompletion>().toExtend<OpenAI.ChatCompletion>();
  expectTypeOf<ChatCompletionChunk>().toExtend<OpenAI.ChatCompletionChunk>();
  expectTypeOf<ModelList["data"][number]>().toExtend<OpenAI.Model>();
  expectTypeOf<OpenAIErrorBody["error"]>().toExtend<OpenAI.ErrorObject>();
});

it("an answer can go back as a message, ours and OpenAI's", () => {
  expectTypeOf<ChatCompletionMessage>().toExtend<MessageParam>();
  expectTypeOf<OpenAI.ChatCompletionUserMessageParam & { content: string }>().toExtend<MessageParam>();
});

it("a request may hold fields of a provider, but not a wrong type in a known one", () => {
  expectTypeOf<{ model: "m"; messages: []; num_ctx: 8192 }>().toExtend<ChatCompletionRequest>();
  expectTypeOf<{ model: "m"; messages: []; seed: "1" }>().not.toExtend<ChatCompletionRequest>();
  expectTypeOf<{ model: "m" }>().not.toExtend<ChatCompletionRequest>();
});
