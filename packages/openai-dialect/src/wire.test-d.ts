import type OpenAI from "openai";
import { expectTypeOf, it } from "vitest";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessage,
  ChatCompletionRequest,
  CreateEmbeddingRequest,
  EmbeddingList,
  ListedModel,
  MessageParam,
  ModelList,
  OpenAIErrorBody,
  TextCompletion,
  TextCompletionChunk,
  TextCompletionChunkChoice,
  TextCompletionRequest,
} from "./index.ts";

it("answers can stand in for the types of OpenAI's SDK", () => {
  expectTypeOf<ChatCompletion>().toExtend<OpenAI.ChatCompletion>();
  expectTypeOf<ChatCompletionChunk>().toExtend<OpenAI.ChatCompletionChunk>();
  expectTypeOf<TextCompletion>().toExtend<OpenAI.Completion>();
  expectTypeOf<EmbeddingList<number[]>>().toExtend<OpenAI.CreateEmbeddingResponse>();
  expectTypeOf<ModelList["data"][number]>().toExtend<OpenAI.Model>();
  expectTypeOf<ListedModel>().toExtend<OpenAI.Model>();
  expectTypeOf<OpenAIErrorBody["error"]>().toExtend<OpenAI.ErrorObject>();
});

it("a text chunk is OpenAI's, but for the reason and the usage that it has only at the end", () => {
  type Ended = TextCompletionChunkChoice & { finish_reason: "stop" };
  expectTypeOf<Ended>().toExtend<OpenAI.CompletionChoice>();
  expectTypeOf<Omit<TextCompletionChunk, "choices" | "usage">>().toExtend<
    Omit<OpenAI.Completion, "choices" | "usage">
  >();
});

it("an answer can go back as a message, ours and OpenAI's", () => {
  expectTypeOf<ChatCompletionMessage>().toExtend<MessageParam>();
  expectTypeOf<OpenAI.ChatCompletionUserMessageParam & { content: string }>().toExtend<MessageParam>();
});

it("a request may hold fields of a provider, but not a wrong type in a known one", () => {
  expectTypeOf<{ model: "m"; messages: []; num_ctx: 8192 }>().toExtend<ChatCompletionRequest>();
  expectTypeOf<{ model: "m"; messages: []; seed: "1" }>().not.toExtend<ChatCompletionRequest>();
  expectTypeOf<{ model: "m" }>().not.toExtend<ChatCompletionRequest>();
  expectTypeOf<{ model: "m"; prompt: "a"; raw: true }>().toExtend<TextCompletionRequest>();
  expectTypeOf<{ model: "m"; prompt: number[] }>().not.toExtend<TextCompletionRequest>();
  expectTypeOf<{ model: "m"; input: "a"; encoding_format: "float" }>().toExtend<CreateEmbeddingRequest>();
  expectTypeOf<{ model: "m"; input: number[] }>().not.toExtend<CreateEmbeddingRequest>();
});
