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
  EffortParam,
  ImagePartParam,
  MessageParam,
  RefusalPartParam,
  ResponseFormatParam,
  StreamOptionsParam,
  SystemMessageParam,
  TextPartParam,
  ToolCallParam,
  ToolChoiceParam,
  ToolMessageParam,
  ToolParam,
  UserMessageParam,
} from "./chat-completion-request.ts";
export { createEventEncoder, type EventEncoder } from "./chat-events.ts";
export { type DecodedChatRequest, decodeChatRequest } from "./decode-chat-request.ts";
export { requestedModel } from "./requested-model.ts";
export { toChatCompletion } from "./to-chat-completion.ts";
export { type ErrorResponse, type OpenAIErrorBody, toErrorBody, toErrorEvent } from "./to-error-body.ts";
export { type ListedModel, type ModelList, type ModelListing, toModelList } from "./to-model-list.ts";
export { toParam } from "./to-param.ts";
