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
export { toFinishReason, toTimings, toUsage } from "./finish.ts";
export type { ModelDetails, RunningModel, ShownModel, TaggedModel } from "./model-wire.ts";
export { createOllamaHost, type OllamaHost, type OllamaHostOptions } from "./ollama-host.ts";
export { toListedModel, toShownModel, UNKNOWN_CAPABILITIES } from "./to-model-info.ts";
export { type CommonRequest, type ConvertedFields, OLLAMA_SETTINGS, toRequestFields } from "./to-request-fields.ts";
