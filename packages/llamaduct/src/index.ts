export { ProviderError } from "@llamaduct/core";
export type { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest, ModelList } from "@llamaduct/openai-dialect";
export type { ChatStream } from "./chat-stream.ts";
export {
  type ChatAnswer,
  createLlamaduct,
  DEFAULT_PROVIDERS,
  type Llamaduct,
  type LlamaductOptions,
  type StreamingRequest,
  type WholeRequest,
} from "./create-llamaduct.ts";
export { completion, listModels } from "./default-instance.ts";
export type { Deployment } from "./deployment.ts";
export { environmentSettings } from "./environment-settings.ts";
