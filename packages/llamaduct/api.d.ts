// index.d.ts
import { CallOptions, CallObserver, LoadedModel, ProviderError, ProviderSettings, JsonObject, ModelFacts, ModelInfo, ProviderFactory, Middleware, DeadlineOptions, Warning } from '@llamaduct/core';
export { LoadedModel, ProviderError } from '@llamaduct/core';
export { EXCHANGE_CHANNEL, ExchangeEvent } from '@llamaduct/http';
import { TextCompletion, TextCompletionChunk, ChatCompletion, ChatCompletionChoice, ChatCompletionMessage, TextCompletionRequest, ResponseFormatParam, ChatCompletionRequest, ChatCompletionChunk, EmbeddingList, CreateEmbeddingRequest, ModelList, ListedModel } from '@llamaduct/openai-dialect';
export { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest, CreateEmbeddingRequest, EmbeddingList, ListedModel, MessageParam, ModelList, TextCompletion, TextCompletionChunk, TextCompletionRequest, ToolParam } from '@llamaduct/openai-dialect';
import { LoadingModel, DeploymentRouting, RoutingOptions, LimitStore, SharedState } from '@llamaduct/router';
import { ImageReaderOptions } from '@llamaduct/images';

/** A streamed answer in OpenAI's chunks; read it once, one way or the other. */
interface AnswerStream<Chunk> extends AsyncIterable<Chunk> {
    /**
     * The answer as server-sent events in UTF-8, one piece for what arrived together. It ends with `[DONE]`, or with one
     * error event when the upstream failed; it throws only an abort's reason.
     */
    toEvents(): AsyncIterable<Uint8Array>;
}

/**
 * What a caller may say beside a request. A request's body may say the same in LiteLLM's words (`timeout`,
 * `stream_timeout`, `num_retries`, `tags`, `fallbacks`); what is said here wins.
 */
interface LlamaductCall extends CallOptions {
    /** Milliseconds for the whole answer. */
    readonly timeoutMs?: number | undefined;
    /** Milliseconds to the first part of a streamed answer. */
    readonly streamTimeoutMs?: number | undefined;
    readonly retries?: number | undefined;
    readonly tags?: readonly string[] | undefined;
    /** A conversation: it prefers the deployment that served it before. */
    readonly session?: string | undefined;
    /** Who asks; queues are fair between callers. */
    readonly caller?: string | undefined;
    /** The client's own headers, for deployments that choose by them. Never sent upstream. */
    readonly requestHeaders?: Readonly<Record<string, string>> | undefined;
    /** Told of every attempt as it begins, so that a failed call can say where it went, too. */
    readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
    /** Asked after it for what is sent with that attempt, beside `headers`. */
    readonly attemptHeaders?: ((attempt: Attempt) => Readonly<Record<string, string>>) | undefined;
    /** Sees the upstream calls of this request, beside the engine's own observer. */
    readonly observer?: CallObserver | undefined;
}
/** One deployment being asked. */
interface Attempt {
    /** The group: what clients ask for. */
    readonly group: string;
    /** The group that the request named: another one after a fallback, even one that nobody was asked of. */
    readonly requestedGroup: string;
    readonly deploymentId: string;
    /** `provider/model`. */
    readonly model: string;
    /** Where it is, without credentials and query; `undefined` for a provider's own default. */
    readonly apiBase: string | undefined;
    /** Attempts of this request so far, this one included. */
    readonly attempts: number;
    /** Groups left behind so far. */
    readonly fallbacks: number;
}
/** How one deployment is, from memory: no upstream is asked. */
interface DeploymentState {
    readonly id: string;
    readonly group: string;
    readonly model: string;
    readonly apiBase: string | undefined;
    readonly healthy: boolean;
    /** Why it is not healthy, in our words. */
    readonly reason?: string | undefined;
    readonly inFlight: number;
    readonly queued: number;
    /** When its host last answered, milliseconds since 1970; `undefined`: not yet. */
    readonly seenAt?: number | undefined;
    /** Models its host has loaded now; `undefined` when it does not tell. */
    readonly loaded?: readonly LoadedModel[] | undefined;
    /** Models that requests have its host load now, and for how long; a host that does not tell what is loaded has none. */
    readonly loading?: readonly LoadingModel[] | undefined;
}

/** A streamed answer whose reader can end it, at the model, too: by leaving it, by `controller`, or by cancelling. */
interface AbortableStream<Chunk> extends AnswerStream<Chunk> {
    /** Ends the answer at once; who reads it gets the reason. */
    readonly controller: AbortController;
    /** The chunks as JSON in UTF-8, a line each, as OpenAI's SDK writes and reads them (`Stream.fromReadableStream`). */
    toReadableStream(): ReadableStream<Uint8Array>;
}

/** The right side of `instanceof`: the SDK's class names for errors that have the SDK's statuses. */
interface APIErrorClass {
    [Symbol.hasInstance](value: unknown): value is APIError;
}
/** A `ProviderError` with what OpenAI's SDK says of the same failure, as it would come from the proxy. */
interface APIError extends ProviderError {
    /** HTTP status. */
    readonly status: number;
    readonly type: string;
    /** The field of the request that is to blame. */
    readonly param: string | null;
}
declare const APIError: APIErrorClass;
declare const BadRequestError: APIErrorClass;
declare const NotFoundError: APIErrorClass;
declare const RateLimitError: APIErrorClass;
declare const InternalServerError: APIErrorClass;

/** Each: any, or what matches the whole of an expression's source. */
interface ClientConnection {
    readonly apiBase?: true | string | undefined;
    readonly apiKey?: true | string | undefined;
}
/** One model that clients may ask for, and who answers: an entry of LiteLLM's `model_list`. */
interface Deployment {
    /** A request may ask for it as its model. Default: made from everything else that is said here. */
    readonly id?: string | undefined;
    /** What clients ask for. One `*` stands for any text. Equal names form a group. */
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
    /** A streamed answer must have begun within this. */
    readonly streamTimeoutMs?: number | undefined;
    readonly routing?: DeploymentRouting | undefined;
    /** What a request may say of where it goes; nothing unless it is named here. */
    readonly clientConnection?: ClientConnection | undefined;
    /** A group that gets a copy of every request; its answer is thrown away. */
    readonly silentModel?: string | undefined;
    /** Answers with this text in place of the model. */
    readonly mockResponse?: string | undefined;
    /** OpenAI fields that are always left out. */
    readonly dropParams?: readonly string[] | undefined;
    /** What listings tell beside what is known of the model. */
    readonly info?: JsonObject | undefined;
}

type TextStream = AnswerStream<TextCompletionChunk>;
interface TextAnswer extends AnswerFacts {
    readonly body: TextCompletion | TextStream;
}

/**
 * A schema that checks values and can say itself as JSON Schema, of any library: Standard Schema
 * (https://standardschema.dev) and Standard JSON Schema together. zod ≥ 4.2 and ArkType have both.
 */
interface OutputSchema<Output = unknown> {
    readonly "~standard": {
        readonly version: 1;
        readonly types?: {
            readonly input: unknown;
            readonly output: Output;
        } | undefined;
        readonly validate: (value: unknown) => Verdict<Output> | Promise<Verdict<Output>>;
        readonly jsonSchema: {
            readonly input: (options: {
                readonly target: "draft-07";
            }) => Record<string, unknown>;
        };
    };
}
type Verdict<Output> = {
    readonly value: Output;
    readonly issues?: undefined;
} | {
    readonly issues: readonly {
        readonly message: string;
    }[];
};
/** What a schema makes of an answer. */
type AnswerOf<Schema extends OutputSchema> = NonNullable<Schema["~standard"]["types"]>["output"];
/** A chat completion whose messages have their object as `parsed`; `null` where a tool was called instead. */
type ParsedCompletion<Output> = Omit<ChatCompletion, "choices"> & {
    readonly choices: (Omit<ChatCompletionChoice, "message"> & {
        readonly message: ChatCompletionMessage & {
            readonly parsed: Output | null;
        };
    })[];
};

/** What a request may say beside OpenAI's fields and the provider's, in LiteLLM's words. */
interface CallParams {
    /** Another host for this request, and its key; where the engine allows it. */
    readonly api_base?: string | null | undefined;
    readonly api_key?: string | null | undefined;
    /** Seconds for the whole answer. */
    readonly timeout?: number | null | undefined;
    /** Seconds to the first part of a streamed answer. */
    readonly stream_timeout?: number | null | undefined;
    readonly num_retries?: number | null | undefined;
    /** Models to ask when this one fails. */
    readonly fallbacks?: readonly (string | {
        readonly model: string;
    })[] | null | undefined;
    /** The answer: no model is asked. */
    readonly mock_response?: string | null | undefined;
    /** A request is plain JSON: the signal goes into the options, beside it. */
    readonly signal?: never;
}
interface Streamed {
    readonly stream: true;
}
interface Whole {
    readonly stream?: false | null | undefined;
}
/** Another `response_format`; every other field, and those that only the index signature knows, as they are. */
type WithFormat<Request, Format> = {
    [Key in keyof Request as Key extends "response_format" ? never : Key]: Request[Key];
} & {
    readonly response_format?: Format;
};
type Formatted<Request> = WithFormat<Request, ResponseFormatParam | OutputSchema | null | undefined> & CallParams;
type StreamingRequest = Formatted<ChatCompletionRequest> & Streamed;
type WholeRequest = ChatCompletionRequest & CallParams & Whole;
/** The answer's text is an object of this schema. */
type ParsedRequest<Schema extends OutputSchema> = WithFormat<ChatCompletionRequest, Schema> & CallParams & Whole & {
    readonly response_format: Schema;
};
/** A `prompt` in place of `messages`: a text completion. */
type PromptRequest = TextCompletionRequest & CallParams & {
    readonly messages?: never;
};
/** `completion` of the package and of an engine: what a request asks for is what its answer's type says. */
interface Completer {
    (request: PromptRequest & Streamed, options?: LlamaductCall): Promise<AbortableStream<TextCompletionChunk>>;
    (request: PromptRequest & Whole, options?: LlamaductCall): Promise<TextCompletion>;
    (request: StreamingRequest, options?: LlamaductCall): Promise<AbortableStream<ChatCompletionChunk>>;
    <Schema extends OutputSchema>(request: ParsedRequest<Schema>, options?: LlamaductCall): Promise<ParsedCompletion<AnswerOf<Schema>>>;
    (request: WholeRequest, options?: LlamaductCall): Promise<ChatCompletion>;
    (request: ChatCompletionRequest & CallParams, options?: LlamaductCall): Promise<ChatCompletion | AbortableStream<ChatCompletionChunk>>;
}
interface TextCompleter {
    (request: PromptRequest & Streamed, options?: LlamaductCall): Promise<AbortableStream<TextCompletionChunk>>;
    (request: PromptRequest & Whole, options?: LlamaductCall): Promise<TextCompletion>;
    (request: PromptRequest, options?: LlamaductCall): Promise<TextCompletion | AbortableStream<TextCompletionChunk>>;
}

interface EmbeddingAnswer extends AnswerFacts {
    readonly body: EmbeddingList;
}

/** A listed name, who answers, and what the host and the application say of it; `undefined` when the host does not answer. */
interface DescribedModel {
    readonly name: string;
    readonly deploymentId: string;
    readonly providerId: string;
    readonly modelId: string;
    readonly info: ModelInfo | undefined;
    /** What the deployment itself says, for listings. */
    readonly told: JsonObject | undefined;
}

/** What the application says of a model, in LiteLLM's words; its word wins over the host's. */
interface ModelEntry {
    /** `false`: tools go through JSON. */
    readonly supports_function_calling?: boolean | undefined;
    readonly supports_response_schema?: boolean | undefined;
    readonly supports_reasoning?: boolean | undefined;
    readonly supports_vision?: boolean | undefined;
    /** The largest context, tokens. */
    readonly max_input_tokens?: number | undefined;
}
/** Throws an `Error` for what an entry cannot say: prices and modes would have no effect. */
declare function toModelFacts(model: string, entry: ModelEntry): ModelFacts;

/** The adapters that come along: `/api/chat` and `/api/generate` of Ollama servers, and OpenAI's API of any server. */
declare const DEFAULT_PROVIDERS: readonly ProviderFactory[];
interface LlamaductOptions {
    /** Default: `DEFAULT_PROVIDERS`. */
    readonly providers?: readonly ProviderFactory[] | undefined;
    /** What clients may ask for. Default: `provider/model` of every provider, and any other name at the first of them. */
    readonly deployments?: readonly Deployment[] | undefined;
    /** Other names for groups, deployments or models. A hidden one is not listed. */
    readonly aliases?: Readonly<Record<string, Alias>> | undefined;
    readonly routing?: RoutingOptions | undefined;
    /** Counters of rate limits. Default: this process alone. */
    readonly limits?: LimitStore | undefined;
    /** What several processes tell each other of deployments. Default: nothing. */
    readonly shared?: SharedState | undefined;
    /** Per provider id: how to reach it where a deployment does not say. */
    readonly settings?: Readonly<Record<string, ProviderSettings>> | undefined;
    /** What the application says of models, by `provider/model`, or by the name alone for every provider's. */
    readonly models?: Readonly<Record<string, ModelEntry>> | undefined;
    /** OpenAI's JSON, under every request and under what a deployment says. */
    readonly defaults?: JsonObject | undefined;
    /** Around every chat model, outermost first. */
    readonly middleware?: readonly Middleware[] | undefined;
    /** Whether text that turns out to be a tool call becomes one. Default: true. */
    readonly recoverToolCalls?: boolean | undefined;
    /** Default: 300 s to the first part, since a model may have to load, and 120 s between parts. */
    readonly deadlines?: DeadlineOptions | undefined;
    readonly observer?: CallObserver | undefined;
    /** How images are read. Default: no URLs are fetched. */
    readonly images?: ImageReaderOptions | undefined;
    /** Whether a request may name its own host with `api_base` and `api_key`. Only for callers who own the process. */
    readonly allowApiBase?: boolean | undefined;
    /**
     * Whether a wildcard may lead to a model that an Ollama server hands on to ollama.com, prompt and all: `name:cloud`,
     * `name:tag-cloud`. A deployment that names one may always. Default: true.
     */
    readonly cloudModels?: boolean | undefined;
}
interface Alias {
    readonly model: string;
    readonly hidden?: boolean | undefined;
}
/** OpenAI's JSON in, OpenAI's JSON out. Every method throws `ProviderError`, or the signal's own reason. */
interface Llamaduct {
    /** Settles when the answer has begun (streamed) or is whole; until then an error has a status of its own. */
    chat(request: unknown, options?: LlamaductCall): Promise<ChatAnswer>;
    /** As `chat`, for `prompt` in place of `messages`. */
    text(request: unknown, options?: LlamaductCall): Promise<TextAnswer>;
    embed(request: unknown, options?: LlamaductCall): Promise<EmbeddingAnswer>;
    /** The body of `chat` alone, or of `text` for a `prompt`; its errors are `APIError`s as well. */
    readonly completion: Completer;
    readonly textCompletion: TextCompleter;
    embedding(request: CreateEmbeddingRequest & CallParams, options?: LlamaductCall): Promise<EmbeddingList>;
    /** Every name that can be asked for, wildcards filled with what their hosts have. The same object until that changes. */
    listModels(options?: LlamaductCall): Promise<ModelList>;
    /** The same names with who answers and what is known of them. */
    describeModels(options?: LlamaductCall): Promise<readonly DescribedModel[]>;
    /** One of them, or any other name that a request may use. Throws `model_not_found`. */
    retrieveModel(model: string, options?: LlamaductCall): Promise<ListedModel>;
    /**
     * Loads what is otherwise loaded by the first request that needs it: for servers, where no request is to wait. Throws an
     * `Error` for mistakes in `routing`, which every request would throw otherwise.
     */
    ready(): Promise<void>;
    /** How every deployment is, from memory. With neither `deployments` nor `routing` nothing is counted before a failure. */
    states(): readonly DeploymentState[];
    /** Stops watching hosts; calls that are under way go on. */
    close(): void;
}
/**
 * The engine: composes registry, dialect and middleware. Holds no global state; mistakes in its options throw here, those in
 * `routing` from `ready()`.
 */
declare function createLlamaduct(options?: LlamaductOptions): Llamaduct;

/** What is told beside an answer. */
interface AnswerFacts {
    /** The last attempt: the one that answers. */
    readonly attempt?: Attempt | undefined;
    /** `provider/model` that answers. */
    readonly model: string;
    /** What was asked for and had no effect; `setting` is the OpenAI field. */
    readonly warnings: readonly Warning[];
}

type ChatStream = AnswerStream<ChatCompletionChunk>;
interface ChatAnswer extends AnswerFacts {
    readonly body: ChatCompletion | ChatStream;
}

/**
 * One chat completion in OpenAI's JSON, from the model that `model` names: `ollama_chat/llama3.2`, or `llama3.2` alone.
 * Streamed when `stream` is true; read as an object when `response_format` is a schema; a text completion when there is a
 * `prompt` in place of `messages`. The host is `api_base` of the request, else `OLLAMA_API_BASE`, else `OLLAMA_HOST`, else
 * `http://127.0.0.1:11434`. Throws an `APIError`, which is a `ProviderError`, or the signal's own reason.
 */
declare const completion: Completer;
/** One text completion: `prompt` in place of `messages`. Otherwise as `completion`. */
declare const textCompletion: TextCompleter;
/** Vectors for a text or a list of them. Hosts and errors as with `completion`. */
declare function embedding(request: CreateEmbeddingRequest & CallParams, options?: LlamaductCall): Promise<EmbeddingList>;
/** The models of the host that `completion` uses by default. */
declare function listModels(options?: LlamaductCall): Promise<ModelList>;
/**
 * Says of models what their hosts do not: `{ "ollama_chat/llama3.1": { supports_function_calling: true } }`. For every
 * call after it. Throws an `Error` for what an entry cannot say.
 */
declare function registerModel(entries: Readonly<Record<string, ModelEntry>>): void;
/** Prints what is sent to hosts and what comes back to the standard error, keys masked; gives what turns it off again. */
declare function turnOnDebug(): () => void;

/**
 * How to reach the default hosts, from the variables that LiteLLM reads: `OLLAMA_API_BASE`, else `OLLAMA_HOST`, and
 * `OLLAMA_API_KEY`; `OPENAI_BASE_URL`, else `OPENAI_API_BASE`, and `OPENAI_API_KEY`. For `settings` of `createLlamaduct`.
 */
declare function environmentSettings(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, ProviderSettings>>;

/** How much is told: where requests go and how they end, or all that is sent and received. */
type ExchangeDetail = "heads" | "bodies";
/** One thing that happened, for a log: `exchange` tells exchanges apart. */
type TellExchange = (fields: Readonly<Record<string, unknown>>, message: string) => void;
/** Tells what is sent to upstreams and what comes back, keys masked, until the returned function is called. */
declare function watchExchanges(tell: TellExchange, detail: ExchangeDetail): () => void;

export { APIError, BadRequestError, DEFAULT_PROVIDERS, InternalServerError, NotFoundError, RateLimitError, completion, createLlamaduct, embedding, environmentSettings, listModels, registerModel, textCompletion, toModelFacts, turnOnDebug, watchExchanges };
export type { APIErrorClass, AbortableStream, Alias, AnswerFacts, AnswerOf, AnswerStream, Attempt, CallParams, ChatAnswer, ChatStream, ClientConnection, Completer, Deployment, DeploymentState, DescribedModel, EmbeddingAnswer, ExchangeDetail, Llamaduct, LlamaductCall, LlamaductOptions, ModelEntry, OutputSchema, ParsedCompletion, ParsedRequest, PromptRequest, Streamed, StreamingRequest, TellExchange, TextAnswer, TextCompleter, TextStream, Whole, WholeRequest };
