export { assertImages, type ImagesQuestion } from "./assert-images.ts";
export type { AskOptions, CapabilityCache } from "./capability-cache.ts";
export type {
  ChatBody,
  ChatEvent,
  ChatMessage,
  Counters,
  FunctionCall,
  LogprobEntry,
  LogprobToken,
  ReplyMessage,
  ReplyToolCall,
  RequestFields,
  ToolDeclaration,
} from "./chat-wire.ts";
export type { EmbedBody, EmbedReply } from "./embed-wire.ts";
export { extrasPlacer } from "./extras-placer.ts";
export { toFinishReason, toTimings, toUsage } from "./finish.ts";
export type { GenerateBody, GenerateEvent, GenerateFields } from "./generate-wire.ts";
export type { LifeCycle, LoadOptions, PullProgress } from "./life-cycle.ts";
export type { ModelDetails, RunningModel, ShownModel, TaggedModel } from "./model-wire.ts";
export { createOllamaHost, type HostCall, type OllamaHost, type OllamaHostOptions } from "./ollama-host.ts";
export { type OllamaProviderParts, ollamaFactory, ollamaProvider } from "./ollama-provider.ts";
export type { Endpoint, PlacedExtras } from "./place-extras.ts";
export type { AnswerEvents } from "./read-events.ts";
export { NO_SUFFIX } from "./refused-capability.ts";
export { eitherKnows, siblingModel } from "./sibling-model.ts";
export { type AnswerOptions, type OpenedAnswer, randomCallId, streamAnswer } from "./stream-answer.ts";
export type { InputPaths } from "./to-host-error.ts";
export {
  type CommonRequest,
  type ConvertedFields,
  type FieldsOptions,
  OLLAMA_SETTINGS,
  toRequestFields,
} from "./to-request-fields.ts";
export { UNKNOWN_CAPABILITIES } from "./unknown-capabilities.ts";
