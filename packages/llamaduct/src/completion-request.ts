import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
  ResponseFormatParam,
  TextCompletion,
  TextCompletionChunk,
  TextCompletionRequest,
} from "@llamaduct/openai-dialect";
import type { AbortableStream } from "./abortable-stream.ts";
import type { LlamaductCall } from "./llamaduct-call.ts";
import type { AnswerOf, OutputSchema, ParsedCompletion } from "./output-schema.ts";

/** What a request may say beside OpenAI's fields and the provider's, in LiteLLM's words. */
export interface CallParams {
  /** Another host for this request, and its key; where the engine allows it. */
  readonly api_base?: string | null | undefined;
  readonly api_key?: string | null | undefined;
  /** Seconds for the whole answer. */
  readonly timeout?: number | null | undefined;
  /** Seconds to the first part of a streamed answer. */
  readonly stream_timeout?: number | null | undefined;
  readonly num_retries?: number | null | undefined;
  /** Models to ask when this one fails. */
  readonly fallbacks?: readonly (string | { readonly model: string })[] | null | undefined;
  /** The answer: no model is asked. */
  readonly mock_response?: string | null | undefined;
  /** A request is plain JSON: the signal goes into the options, beside it. */
  readonly signal?: never;
}

export interface Streamed {
  readonly stream: true;
}
export interface Whole {
  readonly stream?: false | null | undefined;
}

/** Another `response_format`; every other field, and those that only the index signature knows, as they are. */
type WithFormat<Request, Format> = {
  [Key in keyof Request as Key extends "response_format" ? never : Key]: Request[Key];
} & { readonly response_format?: Format };

type Formatted<Request> = WithFormat<Request, ResponseFormatParam | OutputSchema | null | undefined> & CallParams;

export type StreamingRequest = Formatted<ChatCompletionRequest> & Streamed;
export type WholeRequest = ChatCompletionRequest & CallParams & Whole;
/** The answer's text is an object of this schema. */
export type ParsedRequest<Schema extends OutputSchema> = WithFormat<ChatCompletionRequest, Schema> &
  CallParams &
  Whole & { readonly response_format: Schema };
/** A `prompt` in place of `messages`: a text completion. */
export type PromptRequest = TextCompletionRequest & CallParams & { readonly messages?: never };

/** `completion` of the package and of an engine: what a request asks for is what its answer's type says. */
export interface Completer {
  (request: PromptRequest & Streamed, options?: LlamaductCall): Promise<AbortableStream<TextCompletionChunk>>;
  (request: PromptRequest & Whole, options?: LlamaductCall): Promise<TextCompletion>;
  (request: StreamingRequest, options?: LlamaductCall): Promise<AbortableStream<ChatCompletionChunk>>;
  <Schema extends OutputSchema>(
    request: ParsedRequest<Schema>,
    options?: LlamaductCall,
  ): Promise<ParsedCompletion<AnswerOf<Schema>>>;
  (request: WholeRequest, options?: LlamaductCall): Promise<ChatCompletion>;
  (
    request: ChatCompletionRequest & CallParams,
    options?: LlamaductCall,
  ): Promise<ChatCompletion | AbortableStream<ChatCompletionChunk>>;
}

export interface TextCompleter {
  (request: PromptRequest & Streamed, options?: LlamaductCall): Promise<AbortableStream<TextCompletionChunk>>;
  (request: PromptRequest & Whole, options?: LlamaductCall): Promise<TextCompletion>;
  (request: PromptRequest, options?: LlamaductCall): Promise<TextCompletion | AbortableStream<TextCompletionChunk>>;
}
