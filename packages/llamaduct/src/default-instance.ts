import type { CallOptions } from "@llamaduct/core";
import type {
  ChatCompletion,
  ChatCompletionRequest,
  CreateEmbeddingRequest,
  EmbeddingList,
  ModelList,
  TextCompletion,
  TextCompletionRequest,
} from "@llamaduct/openai-dialect";
import type { ChatStream } from "./chat.ts";
import type { TextStream } from "./complete-text.ts";
import {
  createLlamaduct,
  type Llamaduct,
  type Streamed,
  type StreamingRequest,
  type Whole,
  type WholeRequest,
} from "./create-llamaduct.ts";
import { environmentSettings } from "./environment-settings.ts";

/**
 * One chat completion in OpenAI's JSON, from the model that `model` names: `ollama_chat/llama3.2`, or `llama3.2` alone.
 * Streamed when `stream` is true. The host is `api_base` of the request, else `OLLAMA_API_BASE`, else `OLLAMA_HOST`, else
 * `http://127.0.0.1:11434`. Throws `ProviderError`, or the signal's own reason.
 */
export function completion(request: StreamingRequest, options?: CallOptions): Promise<ChatStream>;
export function completion(request: WholeRequest, options?: CallOptions): Promise<ChatCompletion>;
export function completion(
  request: ChatCompletionRequest,
  options?: CallOptions,
): Promise<ChatCompletion | ChatStream> {
  return defaultInstance().completion(request, options);
}

/** One text completion: `prompt` in place of `messages`. Otherwise as `completion`. */
export function textCompletion(request: TextCompletionRequest & Streamed, options?: CallOptions): Promise<TextStream>;
export function textCompletion(request: TextCompletionRequest & Whole, options?: CallOptions): Promise<TextCompletion>;
export function textCompletion(
  request: TextCompletionRequest,
  options?: CallOptions,
): Promise<TextCompletion | TextStream> {
  return defaultInstance().textCompletion(request, options);
}

/** Vectors for a text or a list of them. Hosts and errors as with `completion`. */
export function embedding(request: CreateEmbeddingRequest, options?: CallOptions): Promise<EmbeddingList> {
  return defaultInstance().embedding(request, options);
}

/** The models of the host that `completion` uses by default. */
export function listModels(options?: CallOptions): Promise<ModelList> {
  return defaultInstance().listModels(options);
}

let instance: Llamaduct | undefined;

/** Made at the first call, from the environment as it is then: importing does nothing. */
function defaultInstance(): Llamaduct {
  instance ??= createLlamaduct({ settings: environmentSettings(process.env), allowApiBase: true });
  return instance;
}
