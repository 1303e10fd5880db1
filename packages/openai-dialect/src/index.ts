export { type ChunkEncoder, type ChunkOptions, createChunkEncoder } from "./chat-chunks.ts";
export type {
  ChatCompletion,
  ChatCompletionChoice,
  ChatCompletionChunk,
  ChatCompletionChunkChoice,
  ChatCompletionDelta,
  ChatCompletionFinishReason,
  ChatCompletionLogprobs,
  ChatCompletionMessage,
  ChatCompletionTokenLogprob,
  ChatCompletionToolCall,
  ChatCompletionToolCallDelta,
  CompletionIdentity,
  CompletionUsage,
  TokenAlternative,
} from "./chat-completion.ts";
export type {
  AssistantMessageParam,
  ChatCompletionRequest,
  ImagePartParam,
  MessageParam,
  RefusalPartParam,
  SystemMessageParam,
  TextPartParam,
  ToolCallParam,
  ToolChoiceParam,
  ToolMessageParam,
  ToolParam,
  UserMessageParam,
} from "./chat-completion-request.ts";
export { createEventEncoder, type EventEncoder } from "./chat-events.ts";
export { decodeChatRequest } from "./decode-chat-request.ts";
export { type DecodedCompletionRequest, decodeCompletionRequest } from "./decode-completion-request.ts";
export { type DecodedEmbeddingRequest, decodeEmbeddingRequest } from "./decode-embedding-request.ts";
export type { DecodedChatRequest } from "./decoded-chat-request.ts";
export type { CreateEmbeddingRequest, EncodingFormat } from "./embedding-request.ts";
export { type ImageSource, imageSources, replaceImageSources } from "./image-sources.ts";
export { openapiComponents } from "./openapi-components.ts";
export type {
  EffortParam,
  GenerationParams,
  ResponseFormatParam,
  RoutingParams,
  StreamOptionsParam,
} from "./request-params.ts";
export { requestedModel } from "./requested-model.ts";
export { createTextChunkEncoder, type TextChunkEncoder, type TextChunkOptions } from "./text-chunks.ts";
export type {
  TextCompletion,
  TextCompletionChoice,
  TextCompletionChunk,
  TextCompletionChunkChoice,
  TextFinishReason,
  TextLogprobs,
} from "./text-completion.ts";
export type { TextCompletionRequest } from "./text-completion-request.ts";
export { createTextEventEncoder, type TextEventEncoder } from "./text-events.ts";
export { type ChatCompletionOptions, toChatCompletion } from "./to-chat-completion.ts";
export {
  type EmbeddingList,
  type EmbeddingListOptions,
  type EmbeddingObject,
  toEmbeddingList,
} from "./to-embedding-list.ts";
export { type ErrorResponse, type OpenAIErrorBody, toErrorBody, toErrorEvent } from "./to-error-body.ts";
export { type ListedModel, type ModelList, type ModelListing, toModelList, toModelObject } from "./to-model-list.ts";
export { toParam } from "./to-param.ts";
export { type TextCompletionOptions, toTextCompletion } from "./to-text-completion.ts";
