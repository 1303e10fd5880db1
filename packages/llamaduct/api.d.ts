// index.d.ts
import { ProviderSettings, JsonObject, ModelFacts, Warning, ModelInfo, ProviderFactory, CallOptions, Middleware, DeadlineOptions, CallObserver } from '@llamaduct/core';
export { ProviderError } from '@llamaduct/core';
import { ChatCompletion, ChatCompletionChunk, TextCompletion, TextCompletionChunk, EmbeddingList, ChatCompletionRequest, TextCompletionRequest, CreateEmbeddingRequest, ModelList, ListedModel } from '@llamaduct/openai-dialect';
export { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest, CreateEmbeddingRequest, EmbeddingList, ListedModel, ModelList, TextCompletion, TextCompletionChunk, TextCompletionRequest } from '@llamaduct/openai-dialect';
import { ImageReaderOptions } from '@llamaduct/images';

/** A streamed answer in OpenAI's chunks; read it once, one way or the other. */
interface AnswerStream<Chunk> extends AsyncIterable<Chunk> {
    /**
     * The answer as server-sent events in UTF-8, one piece for what arrived together. It ends with `[DONE]`, or with one
     * error event when the upstream failed; it throws only an abort's reason.
     */
    toEvents(): AsyncIterable<Uint8Array>;
}

/** One model that clients may ask for, and who answers: an entry of LiteLLM's `model_list`. */
interface Deployment {
    /** What clients ask for. One `*` stands for any text. Equal names form a group, tried in order. */
    readonly name: string;
    /** `provider/model`. A `*` takes what the name's `*` matched, without the prefix of a known provider. */
    readonly model: string;
    /** How to reach it. One that names its own `baseURL` inherits nothing: a key belongs to its host. */
    readonly settings?: ProviderSettings | undefined;
    /** OpenAI's JSON, merged under every request. */
    readonly defaults?: JsonObject | undefined;
    /** The same, over every request: what a client must not change, such as a context size that reloads the model. */
    readonly pinned?: JsonObject | undefined;
    /** The application's word against the host's. */
    readonly facts?: ModelFacts | undefined;
    /** Can be asked for, but is not in listings: another name for what is. */
    readonly unlisted?: boolean | undefined;
    /** The whole answer must be there within this. Default: no limit. */
    readonly timeoutMs?: number | undefined;
}

/** What is told beside an answer. */
interface AnswerFacts {
    /** `provider/model` that answers. */
    readonly model: string;
    /** What was asked for and had no effect; `setting` is the OpenAI field. */
    readonly warnings: readonly Warning[];
}

type ChatStream = AnswerStream<ChatCompletionChunk>;
interface ChatAnswer extends AnswerFacts {
    readonly body: ChatCompletion | ChatStream;
}

type TextStream = AnswerStream<TextCompletionChunk>;
interface TextAnswer extends AnswerFacts {
    readonly body: TextCompletion | TextStream;
}

interface EmbeddingAnswer extends AnswerFacts {
    readonly body: EmbeddingList;
}

/** A listed name, who answers, and what the host and the application say of it; `undefined` when the host does not answer. */
interface DescribedModel {
    readonly name: string;
    readonly providerId: string;
    readonly modelId: string;
    readonly info: ModelInfo | undefined;
}

/** The adapters that come along: `/api/chat` and `/api/generate` of Ollama servers. */
declare const DEFAULT_PROVIDERS: readonly ProviderFactory[];
interface LlamaductOptions {
    /** Default: `DEFAULT_PROVIDERS`. */
    readonly providers?: readonly ProviderFactory[] | undefined;
    /** What clients may ask for. Default: `provider/model` of every provider, and any other name at the first of them. */
    readonly deployments?: readonly Deployment[] | undefined;
    /** Per provider id: how to reach it where a deployment does not say. */
    readonly settings?: Readonly<Record<string, ProviderSettings>> | undefined;
    /** Around every chat model, outermost first. */
    readonly middleware?: readonly Middleware[] | undefined;
    /** Default: 300 s to the first part, since a model may have to load, and 120 s between parts. */
    readonly deadlines?: DeadlineOptions | undefined;
    readonly observer?: CallObserver | undefined;
    /** How images are read. Default: no URLs are fetched. */
    readonly images?: ImageReaderOptions | undefined;
    /** Whether a request may name its own host with `api_base` and `api_key`. Only for callers who own the process. */
    readonly allowApiBase?: boolean | undefined;
}
/** OpenAI's JSON in, OpenAI's JSON out. Every method throws `ProviderError`, or the signal's own reason. */
interface Llamaduct {
    /** Settles when the answer has begun (streamed) or is whole; until then an error has a status of its own. */
    chat(request: unknown, options?: CallOptions): Promise<ChatAnswer>;
    /** As `chat`, for `prompt` in place of `messages`. */
    text(request: unknown, options?: CallOptions): Promise<TextAnswer>;
    embed(request: unknown, options?: CallOptions): Promise<EmbeddingAnswer>;
    /** The body of `chat` alone. */
    completion(request: StreamingRequest, options?: CallOptions): Promise<ChatStream>;
    completion(request: WholeRequest, options?: CallOptions): Promise<ChatCompletion>;
    completion(request: ChatCompletionRequest, options?: CallOptions): Promise<ChatCompletion | ChatStream>;
    /** The body of `text` alone. */
    textCompletion(request: TextCompletionRequest & Streamed, options?: CallOptions): Promise<TextStream>;
    textCompletion(request: TextCompletionRequest & Whole, options?: CallOptions): Promise<TextCompletion>;
    textCompletion(request: TextCompletionRequest, options?: CallOptions): Promise<TextCompletion | TextStream>;
    /** The body of `embed` alone. */
    embedding(request: CreateEmbeddingRequest, options?: CallOptions): Promise<EmbeddingList>;
    /** Every name that can be asked for, wildcards filled with what their hosts have. */
    listModels(options?: CallOptions): Promise<ModelList>;
    /** The same names with who answers and what is known of them. */
    describeModels(options?: CallOptions): Promise<readonly DescribedModel[]>;
    /** One of them, or any other name that a request may use. Throws `model_not_found`. */
    retrieveModel(model: string, options?: CallOptions): Promise<ListedModel>;
}
interface Streamed {
    readonly stream: true;
}
interface Whole {
    readonly stream?: false | null | undefined;
}
type StreamingRequest = ChatCompletionRequest & Streamed;
type WholeRequest = ChatCompletionRequest & Whole;
/** The engine: composes registry, dialect and middleware. Holds no global state; mistakes in its options throw here. */
declare function createLlamaduct(options?: LlamaductOptions): Llamaduct;

/**
 * One chat completion in OpenAI's JSON, from the model that `model` names: `ollama_chat/llama3.2`, or `llama3.2` alone.
 * Streamed when `stream` is true. The host is `api_base` of the request, else `OLLAMA_API_BASE`, else `OLLAMA_HOST`, else
 * `http://127.0.0.1:11434`. Throws `ProviderError`, or the signal's own reason.
 */
declare function completion(request: StreamingRequest, options?: CallOptions): Promise<ChatStream>;
declare function completion(request: WholeRequest, options?: CallOptions): Promise<ChatCompletion>;
/** One text completion: `prompt` in place of `messages`. Otherwise as `completion`. */
declare function textCompletion(request: TextCompletionRequest & Streamed, options?: CallOptions): Promise<TextStream>;
declare function textCompletion(request: TextCompletionRequest & Whole, options?: CallOptions): Promise<TextCompletion>;
/** Vectors for a text or a list of them. Hosts and errors as with `completion`. */
declare function embedding(request: CreateEmbeddingRequest, options?: CallOptions): Promise<EmbeddingList>;
/** The models of the host that `completion` uses by default. */
declare function listModels(options?: CallOptions): Promise<ModelList>;

/**
 * How to reach the default Ollama, from the variables that LiteLLM and Ollama use: `OLLAMA_API_BASE`, else `OLLAMA_HOST`,
 * and `OLLAMA_API_KEY`. For `settings` of `createLlamaduct`.
 */
declare function environmentSettings(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, ProviderSettings>>;

export { DEFAULT_PROVIDERS, completion, createLlamaduct, embedding, environmentSettings, listModels, textCompletion };
export type { AnswerFacts, AnswerStream, ChatAnswer, ChatStream, Deployment, DescribedModel, EmbeddingAnswer, Llamaduct, LlamaductOptions, Streamed, StreamingRequest, TextAnswer, TextStream, Whole, WholeRequest };
