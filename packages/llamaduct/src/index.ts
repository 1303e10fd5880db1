export { type LoadedModel, ProviderError } from "@llamaduct/core";
export { EXCHANGE_CHANNEL, type ExchangeEvent } from "@llamaduct/http";
export type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
  CreateEmbeddingRequest,
  EmbeddingList,
  ListedModel,
  MessageParam,
  ModelList,
  TextCompletion,
  TextCompletionChunk,
  TextCompletionRequest,
  ToolParam,
} from "@llamaduct/openai-dialect";
export type { AbortableStream } from "./abortable-stream.ts";
export type { AnswerStream } from "./answer-stream.ts";
export {
  APIError,
  type APIErrorClass,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from "./api-error.ts";
export type { ChatAnswer, ChatStream } from "./chat.ts";
export type { TextAnswer, TextStream } from "./complete-text.ts";
export type {
  CallParams,
  Completer,
  ParsedRequest,
  PromptRequest,
  Streamed,
  StreamingRequest,
  TextCompleter,
  Whole,
  WholeRequest,
} from "./completion-request.ts";
export type { AnswerFacts } from "./create-engine.ts";
export {
  type Alias,
  createLlamaduct,
  DEFAULT_PROVIDERS,
  type Llamaduct,
  type LlamaductOptions,
} from "./create-llamaduct.ts";
export { completion, embedding, listModels, registerModel, textCompletion, turnOnDebug } from "./default-instance.ts";
export type { ClientConnection, Deployment } from "./deployment.ts";
export type { EmbeddingAnswer } from "./embed.ts";
export { environmentSettings } from "./environment-settings.ts";
export type { DescribedModel } from "./list-models.ts";
export type { Attempt, DeploymentState, LlamaductCall } from "./llamaduct-call.ts";
export { type ModelEntry, toModelFacts } from "./model-entry.ts";
export type { AnswerOf, OutputSchema, ParsedCompletion } from "./output-schema.ts";
export { type ExchangeDetail, type TellExchange, watchExchanges } from "./watch-exchanges.ts";
