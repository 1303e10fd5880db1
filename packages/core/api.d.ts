// index.d.ts
type SpecVersion = 1;
type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
interface JsonObject {
    readonly [key: string]: JsonValue;
}
interface TextPart {
    readonly type: "text";
    readonly text: string;
}
interface ReasoningPart {
    readonly type: "reasoning";
    readonly text: string;
}
/** `data` is plain base64. No URLs, no paths, no SVG: the edge has resolved them. */
interface ImagePart {
    readonly type: "image";
    readonly mediaType: string;
    readonly data: string;
}
/** `arguments` is text as the model wrote it; it may be invalid JSON. */
interface ToolCallPart {
    readonly type: "tool-call";
    readonly id: string;
    readonly name: string;
    readonly arguments: string;
}
type AssistantContent = TextPart | ReasoningPart | ToolCallPart;
type Message = {
    readonly role: "system";
    readonly content: string;
} | {
    readonly role: "user";
    readonly content: readonly (TextPart | ImagePart)[];
    readonly name?: string | undefined;
} | {
    readonly role: "assistant";
    readonly content: readonly AssistantContent[];
    readonly name?: string | undefined;
}
/** `name` is resolved by the dialect from the history; a result without a call is the client's 400. */
 | {
    readonly role: "tool";
    readonly callId: string;
    readonly name: string;
    readonly content: string;
};
interface ToolDefinition {
    readonly name: string;
    readonly description?: string | undefined;
    readonly parameters: JsonObject;
}
type ToolChoice = "auto" | "none" | "required" | {
    readonly name: string;
};
/** `strict` asks a middleware to validate; adapters only constrain. */
type ResponseFormat = {
    readonly type: "text";
} | {
    readonly type: "json";
    readonly schema?: JsonObject | undefined;
    readonly strict?: boolean | undefined;
};
type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
/** Knobs: absent means "the model's own value". Unsupported ones warn, or refuse when `strictSettings`. */
interface Settings {
    readonly maxOutputTokens?: number | undefined;
    readonly temperature?: number | undefined;
    readonly topP?: number | undefined;
    readonly topK?: number | undefined;
    readonly minP?: number | undefined;
    readonly frequencyPenalty?: number | undefined;
    readonly presencePenalty?: number | undefined;
    readonly logitBias?: Readonly<Record<string, number>> | undefined;
    readonly seed?: number | undefined;
    readonly stop?: readonly string[] | undefined;
    /** Alternatives per token; 0 asks for the chosen token only. Absent: no logprobs. */
    readonly logprobs?: number | undefined;
}
type SettingName = keyof Settings;
interface CommonRequest {
    readonly settings?: Settings | undefined;
    readonly strictSettings?: boolean | undefined;
    readonly reasoning?: boolean | ReasoningEffort | undefined;
    readonly responseFormat?: ResponseFormat | undefined;
    /** Fields the contract has no name for, spelt as the provider spells them (`num_ctx`, `keep_alive`, `raw`). The adapter validates; what it does not know is a warning. */
    readonly extra?: JsonObject | undefined;
}
interface ChatRequest extends CommonRequest {
    readonly messages: readonly Message[];
    readonly tools?: readonly ToolDefinition[] | undefined;
    readonly toolChoice?: ToolChoice | undefined;
    readonly parallelToolCalls?: boolean | undefined;
}
/** One prompt, one answer. Prompt lists, `n`, `best_of` and `echo` are fan-out above the contract. */
interface TextRequest extends CommonRequest {
    readonly prompt: string;
    readonly suffix?: string | undefined;
    readonly system?: string | undefined;
    readonly images?: readonly ImagePart[] | undefined;
}
interface EmbeddingRequest {
    /** Any number, order kept: the adapter splits to its upstream's limit. */
    readonly input: readonly string[];
    readonly dimensions?: number | undefined;
    readonly extra?: JsonObject | undefined;
}
/** Control: never serialised. `headers` cannot replace the provider's own credentials. */
interface CallOptions {
    readonly signal?: AbortSignal | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
}
/** `setting` is a contract path (`tools`, `settings.topK`, `extra.num_ctx`); dialects map it to their own field name. */
interface Warning {
    readonly setting: string;
    readonly message: string;
}
type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";
/** `undefined`: the upstream did not say. Zero means zero. */
interface Usage {
    readonly inputTokens: number | undefined;
    readonly outputTokens: number | undefined;
    readonly cachedInputTokens?: number | undefined;
    readonly reasoningTokens?: number | undefined;
}
/** As the upstream measured them, milliseconds. */
interface Timings {
    readonly loadMs?: number | undefined;
    readonly inputMs?: number | undefined;
    readonly outputMs?: number | undefined;
}
interface TokenLogprob {
    readonly token: string;
    readonly logprob: number;
    readonly bytes?: readonly number[] | undefined;
}
interface TokenLogprobs extends TokenLogprob {
    readonly top: readonly TokenLogprob[];
}
/** First part, once, and only after the upstream has accepted the request. */
interface StartPart {
    readonly type: "start";
    readonly modelId: string;
    readonly warnings: readonly Warning[];
    readonly metadata?: JsonObject | undefined;
}
interface FinishPart {
    readonly type: "finish";
    readonly reason: FinishReason;
    readonly rawReason?: string | undefined;
    readonly usage: Usage;
    readonly timings?: Timings | undefined;
    readonly metadata?: JsonObject | undefined;
}
type StreamPart = StartPart
/** Text is never empty. */
 | {
    readonly type: "text-delta";
    readonly text: string;
} | {
    readonly type: "reasoning-delta";
    readonly text: string;
}
/** Follows the text it describes; may stand alone. */
 | {
    readonly type: "logprobs";
    readonly tokens: readonly TokenLogprobs[];
}
/** A call is a start and one or more deltas of its id; whole calls are one start and one delta. There is no second form. */
 | {
    readonly type: "tool-call-start";
    readonly id: string;
    readonly name: string;
} | {
    readonly type: "tool-call-delta";
    readonly id: string;
    readonly argumentsDelta: string;
} | {
    readonly type: "warning";
    readonly warning: Warning;
} | FinishPart;
/**
 * What arrived together: never empty, re-iterable. An array is a batch; core's `EncodedText` is one that decodes lazily.
 * A layer that changes nothing passes the same object on; one that changes anything yields a new array.
 */
interface Batch {
    readonly length: number;
    [Symbol.iterator](): Iterator<StreamPart>;
}
type Stream = AsyncIterable<Batch>;
interface Embeddings {
    readonly vectors: readonly Float32Array[];
    readonly usage: Usage;
    readonly warnings: readonly Warning[];
    readonly metadata?: JsonObject | undefined;
}
type Support = "native" | "none" | "unknown";
interface Capabilities {
    readonly tools: Support;
    readonly jsonSchema: Support;
    readonly reasoning: Support;
    readonly images: Support;
    readonly suffix: Support;
    readonly embeddings: Support;
}
interface ModelInfo {
    readonly id: string;
    readonly capabilities: Capabilities;
    readonly contextLength?: number | undefined;
    /** Size, family, digest…: plain facts for people and listings. */
    readonly metadata?: JsonObject | undefined;
}
/** Application's word against the host's: wins where it is defined. */
interface ModelFacts {
    readonly capabilities?: Partial<Capabilities> | undefined;
    readonly contextLength?: number | undefined;
}
interface Model {
    readonly provider: string;
    readonly modelId: string;
}
interface StreamModel<Request> extends Model {
    /** What is known now, without I/O. Asked per call, since a refusal or a `describe` can change it. */
    capabilities(): Capabilities;
    stream(request: Request, options?: CallOptions): Stream;
}
type ChatModel = StreamModel<ChatRequest>;
type TextModel = StreamModel<TextRequest>;
interface EmbeddingModel extends Model {
    embed(request: EmbeddingRequest, options?: CallOptions): Promise<Embeddings>;
}
/** Optional members: presence means the provider has this kind of work, not that every model can do it. */
interface Provider {
    readonly specVersion: SpecVersion;
    readonly id: string;
    /** Knobs it can send; core warns about or refuses the rest before any I/O. */
    readonly settings: readonly SettingName[];
    chatModel?(modelId: string, facts?: ModelFacts): ChatModel;
    textModel?(modelId: string, facts?: ModelFacts): TextModel;
    embeddingModel?(modelId: string, facts?: ModelFacts): EmbeddingModel;
    listModels?(options?: CallOptions): Promise<readonly ModelInfo[]>;
    /** Asks the host (cached) and refreshes what `capabilities()` says. `undefined`: no such model. */
    describe?(modelId: string, options?: CallOptions): Promise<ModelInfo | undefined>;
    /** Asks how the host is, cheaply and without running a model: it is asked every few seconds. */
    status?(options?: CallOptions): Promise<HostStatus>;
}
/** What one host says of itself. */
interface HostStatus {
    /** What it has; a listing, so capabilities may be `unknown`. */
    readonly models: readonly ModelInfo[];
    /** What is in its memory; `undefined`: it does not tell, or not now. */
    readonly loaded?: readonly LoadedModel[] | undefined;
    /** One text for every id that is the same model there. Default: the id itself. */
    readonly toKey?: ((modelId: string) => string) | undefined;
}
interface LoadedModel {
    readonly id: string;
    /** Of the window that it was loaded with, tokens. */
    readonly contextLength?: number | undefined;
    /** When it will be dropped, milliseconds since 1970. */
    readonly until?: number | undefined;
}
interface ProviderSettings {
    readonly baseURL?: string | undefined;
    readonly apiKey?: string | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /** The rest, validated by the factory. */
    readonly options?: JsonObject | undefined;
}
interface ProviderFactory {
    readonly specVersion: SpecVersion;
    /** The prefix in `prefix/model`. Instances are per settings, so many hosts share one prefix. */
    readonly id: string;
    /** `sibling(id)`: another registered factory's provider with the same settings, for delegation. */
    create(settings: ProviderSettings, sibling: (id: string) => Provider | undefined): Provider;
}
type Middleware<Request = ChatRequest> = (next: StreamModel<Request>) => StreamModel<Request>;

/** A whole answer: what a stream adds up to. */
interface Completion {
    readonly start: StartPart;
    /** Neighbouring deltas of one kind joined; tool calls in the order they started. */
    readonly content: readonly AssistantContent[];
    readonly logprobs: readonly TokenLogprobs[] | undefined;
    readonly warnings: readonly Warning[];
    readonly finish: FinishPart;
}
/** Reads a stream to its end. Rejects as the stream does: half an answer is no answer. */
declare function collect(stream: Stream): Promise<Completion>;

/** A stream that has begun to answer. It still holds everything, from `start` on. */
interface CommittedStream extends AsyncIterable<Batch> {
    /** What was warned about up to here: a status line and headers may still tell. */
    readonly warnings: readonly Warning[];
}
/**
 * Resolves at the first part that is neither `start` nor `warning`; rejects when the source fails before it. Until then
 * another deployment may be tried and the HTTP status is open.
 */
declare function commit(source: Stream): Promise<CommittedStream>;

interface DeadlineOptions {
    /** From the call to the first batch. Loading a model counts, so be generous. */
    readonly firstPartMs?: number | undefined;
    /** Between batches, while someone is reading: a slow reader is not a slow upstream. */
    readonly idleMs?: number | undefined;
    /** The whole answer. */
    readonly totalMs?: number | undefined;
}
/** Ends a stream that takes too long, upstream included. Always the innermost middleware. Absent limits are no limits. */
declare function deadlines<Request>(limits: DeadlineOptions): Middleware<Request>;

declare const SPEC_VERSION: SpecVersion;
/**
 * Holds a provider to the contract: every stream is guarded, settings it cannot send become warnings (or `unsupported`
 * under `strictSettings`) before any I/O, errors learn where they happened. The registry does this to every provider;
 * a `create…` function does it for people who compose by hand. Doing it twice changes nothing.
 */
declare function defineProvider(provider: Provider): Provider;

/**
 * A batch of text deltas as their upstream wrote them: each literal is the inside of a JSON string, with its escapes, and
 * its UTF-8 bytes seen as Latin-1, one character a byte. Whoever iterates it gets plain parts. A layer that changes
 * nothing hands the object on, and a dialect that writes JSON copies the literals: a token is then never decoded at all.
 */
declare class EncodedText implements Batch {
    readonly length: number;
    /** Legal literals, none of them empty: that is for the adapter to have checked, since nobody after it does. */
    constructor(literals: readonly string[]);
    [Symbol.iterator](): Iterator<StreamPart>;
}
/** The literals of a batch that is an `EncodedText`, from whichever copy of this package; `undefined` for any other. */
declare function literalsOf(batch: Batch): readonly string[] | undefined;

interface GuardOptions {
    readonly provider: string;
    readonly modelId: string;
    /** Who is to blame when the sequence breaks: a middleware's name. Default: "The adapter". */
    readonly layer?: string | undefined;
    readonly signal?: AbortSignal | undefined;
}
/**
 * Holds a stream to the contract: `start`, deltas, exactly one `finish`, or a throw. A pending read rejects with the
 * signal's own reason at the moment it aborts, whatever the source does. What is not a `ProviderError` becomes one.
 *
 * A hand-written iterator, because an async generator cannot do this: its `return()` waits for a pending `next()`.
 */
declare function guard(source: Stream, options: GuardOptions): Stream;

/**
 * Wraps a model. The first middleware is outermost: first to see the request, last to see the parts. Each layer is
 * guarded under its function's name, so one that breaks the sequence is caught where it happened.
 */
declare function applyMiddleware<Request>(model: StreamModel<Request>, middleware: readonly Middleware<Request>[]): StreamModel<Request>;

/** `finished`: the answer is whole. `aborted`: the signal ended it. `abandoned`: the reader left. */
type Outcome = "finished" | "failed" | "aborted" | "abandoned";
interface CallStart {
    readonly provider: string;
    readonly modelId: string;
}
interface CallEnd extends CallStart {
    readonly outcome: Outcome;
    readonly finish: FinishPart | undefined;
    readonly error: unknown;
    readonly warnings: readonly Warning[];
    /** From the call to the first part that carries an answer, milliseconds. */
    readonly firstPartMs: number | undefined;
    readonly totalMs: number;
}
/** Sees every call begin and end, once each. One that throws never affects the call. */
interface CallObserver {
    readonly onStart?: ((event: CallStart) => void) | undefined;
    readonly onEnd?: ((event: CallEnd) => void) | undefined;
}
/** Reports calls to an observer; passes every batch on untouched. Meant to be the outermost middleware. */
declare function observe<Request>(observer: CallObserver): Middleware<Request>;

/** What a failure means to the caller, and what anyone may do about it. Rows follow the project's error contract. */
interface ErrorRule {
    /** HTTP status a dialect answers with. */
    readonly status: number;
    /** OpenAI's `error.type`. */
    readonly type: "invalid_request_error" | "rate_limit_error" | "server_error" | "service_unavailable_error";
    /** Whether another deployment may be tried, as long as nothing has been delivered. */
    readonly failover: boolean;
    /** What SDKs are told in `x-should-retry`: they retry 408, 409, 429 and 5xx on their own otherwise. */
    readonly clientRetry: boolean;
}
/** The closed list of codes. */
type ProviderErrorCode = "invalid_value" | "unsupported" | "context_length_exceeded" | "model_not_found" | "rate_limit_exceeded" | "upstream_connection_failed" | "upstream_protocol_error" | "upstream_error" | "upstream_auth_failed" | "upstream_stream_interrupted" | "upstream_response_too_large" | "upstream_busy" | "no_healthy_upstream" | "upstream_first_byte_timeout" | "upstream_idle_timeout" | "upstream_total_timeout" | "provider_error";
/** One table decides status, type, failover and retry for every provider. */
declare const PROVIDER_ERRORS: Readonly<Record<ProviderErrorCode, ErrorRule>>;
interface ProviderErrorInit {
    readonly code: ProviderErrorCode;
    /** One sentence from our own template; it reaches clients. Never upstream text, a prompt, a key or a URL with credentials. */
    readonly message: string;
    /** Contract path of the field that is to blame: `tools`, `settings.topK`, `extra.num_ctx`. */
    readonly setting?: string | undefined;
    /** Filled in by `guard` when an error passes without them. */
    readonly provider?: string | undefined;
    readonly modelId?: string | undefined;
    readonly upstreamStatus?: number | undefined;
    /** For the log only: cut to 512 characters, control characters escaped, absent from JSON. */
    readonly upstreamMessage?: string | undefined;
    readonly retryAfterMs?: number | undefined;
    readonly cause?: unknown;
}
/**
 * The one error that providers, middleware and the engine throw. `instanceof` works across copies of this package,
 * and `JSON.stringify` gives nothing a client may not see. An abort is not one: the caller's own reason comes back.
 */
declare class ProviderError extends Error {
    readonly name = "ProviderError";
    readonly code: ProviderErrorCode;
    readonly setting: string | undefined;
    readonly upstreamStatus: number | undefined;
    readonly retryAfterMs: number | undefined;
    readonly upstreamMessage: string | undefined;
    provider: string | undefined;
    modelId: string | undefined;
    static [Symbol.hasInstance](value: unknown): boolean;
    constructor(init: ProviderErrorInit);
    toJSON(): object;
}
/** Says where an error happened, unless it knows. Returns the same error. */
declare function locate(error: ProviderError, model: {
    readonly provider: string;
    readonly modelId?: string | undefined;
}): ProviderError;
/** The table's row for an error's code; a code from a newer copy of this package counts as an upstream's failure. */
declare function errorRule(error: ProviderError): ErrorRule;

interface Registry {
    /** Ids of the registered factories, in the order given. */
    readonly ids: readonly string[];
    /** The provider `id` with these settings; the same settings give the same instance. Throws on an unknown id. */
    provider(id: string, settings?: ProviderSettings): Provider;
    /**
     * Splits `provider/model` at the first slash, so that model ids may hold `/` and `:`. `undefined` when what stands
     * before it is not a registered id, or nothing stands after it.
     */
    split(reference: string): {
        readonly providerId: string;
        readonly modelId: string;
    } | undefined;
}
/** An immutable set of factories. Mistakes throw here, not on the first request at 3 a.m. */
declare function createRegistry(factories: readonly ProviderFactory[]): Registry;

export { EncodedText, PROVIDER_ERRORS, ProviderError, SPEC_VERSION, applyMiddleware, collect, commit, createRegistry, deadlines, defineProvider, errorRule, guard, literalsOf, locate, observe };
export type { AssistantContent, Batch, CallEnd, CallObserver, CallOptions, CallStart, Capabilities, ChatModel, ChatRequest, CommittedStream, Completion, DeadlineOptions, EmbeddingModel, EmbeddingRequest, Embeddings, ErrorRule, FinishPart, FinishReason, GuardOptions, HostStatus, ImagePart, JsonObject, JsonValue, LoadedModel, Message, Middleware, ModelFacts, ModelInfo, Outcome, Provider, ProviderErrorCode, ProviderErrorInit, ProviderFactory, ProviderSettings, ReasoningEffort, ReasoningPart, Registry, ResponseFormat, SettingName, Settings, SpecVersion, StartPart, Stream, StreamModel, StreamPart, Support, TextModel, TextPart, TextRequest, Timings, TokenLogprob, TokenLogprobs, ToolCallPart, ToolChoice, ToolDefinition, Usage, Warning };
