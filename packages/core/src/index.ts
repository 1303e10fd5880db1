export { type Completion, collect } from "./collect.ts";
export { type CommittedStream, commit } from "./commit.ts";
export { type DeadlineOptions, deadlines } from "./deadlines.ts";
export { defineProvider, SPEC_VERSION } from "./define-provider.ts";
export { EncodedText, literalsOf } from "./encoded-text.ts";
export { type GuardOptions, guard } from "./guard.ts";
export { applyMiddleware } from "./middleware.ts";
export { type CallEnd, type CallObserver, type CallStart, type Outcome, observe } from "./observe.ts";
export {
  type ErrorRule,
  errorRule,
  locate,
  PROVIDER_ERRORS,
  ProviderError,
  type ProviderErrorCode,
  type ProviderErrorInit,
} from "./provider-error.ts";
export { createRegistry, type Registry } from "./registry.ts";
export type {
  AssistantContent,
  Batch,
  CallOptions,
  Capabilities,
  ChatModel,
  ChatRequest,
  EmbeddingModel,
  EmbeddingRequest,
  Embeddings,
  FinishPart,
  FinishReason,
  HostStatus,
  ImagePart,
  JsonObject,
  JsonValue,
  LoadedModel,
  Message,
  Middleware,
  ModelFacts,
  ModelInfo,
  Provider,
  ProviderFactory,
  ProviderSettings,
  ReasoningEffort,
  ReasoningPart,
  ResponseFormat,
  SettingName,
  Settings,
  SpecVersion,
  StartPart,
  Stream,
  StreamModel,
  StreamPart,
  Support,
  TextModel,
  TextPart,
  TextRequest,
  Timings,
  TokenLogprob,
  TokenLogprobs,
  ToolCallPart,
  ToolChoice,
  ToolDefinition,
  Usage,
  Warning,
} from "./spec.ts";
