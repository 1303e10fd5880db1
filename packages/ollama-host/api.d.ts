// index.d.ts
import { ModelFacts, CallOptions, Capabilities, Support, ModelInfo, JsonObject, EncodedText, Warning, FinishReason, Timings, Usage, Provider, ProviderSettings, ProviderFactory, ChatRequest, StreamModel, Stream, SettingName } from '@llamaduct/core';
import { Transport } from '@llamaduct/http';

/** One entry of `GET /api/tags`. */
interface TaggedModel {
    /** Short form, tag always shown: `llama3.2:latest`. */
    readonly name: string;
    readonly modified_at?: string | undefined;
    /** Bytes on disk. */
    readonly size?: number | undefined;
    readonly digest?: string | undefined;
    /** Set for stubs that run elsewhere. */
    readonly remote_host?: string | undefined;
    readonly details?: ModelDetails | null | undefined;
    /** Since 0.30. What only a GGUF's own chat template tells is missing here; `/api/show` has it. */
    readonly capabilities?: readonly string[] | null | undefined;
}
interface ModelDetails {
    readonly format?: string | undefined;
    readonly family?: string | undefined;
    readonly parameter_size?: string | undefined;
    readonly quantization_level?: string | undefined;
    /** Trained context, since 0.30. */
    readonly context_length?: number | undefined;
}
/** Reply of `POST /api/show`, as far as it is used. */
interface ShownModel {
    readonly details?: ModelDetails | null | undefined;
    readonly capabilities?: readonly string[] | null | undefined;
    /** The GGUF's key-value table: `<architecture>.context_length` is the trained context. */
    readonly model_info?: Readonly<Record<string, unknown>> | null | undefined;
    readonly remote_host?: string | undefined;
    readonly modified_at?: string | undefined;
}
/** One entry of `GET /api/ps`: a model in memory. */
interface RunningModel {
    readonly name: string;
    readonly digest?: string | undefined;
    readonly size?: number | undefined;
    readonly size_vram?: number | undefined;
    /** RFC 3339; about 292 years ahead for "never". */
    readonly expires_at?: string | undefined;
    /** Allocated context, tokens. */
    readonly context_length?: number | undefined;
}

/** What one host's models can do: as far as it was asked, or has refused. Never asks another host. */
interface CapabilityCache {
    /** What is known now, without I/O; the application's word wins. */
    known(model: string, facts?: ModelFacts): Capabilities;
    /** What is known of one capability; asks the host where nothing is. `unknown` when it will not say. */
    ask(model: string, capability: keyof Capabilities, options?: AskOptions): Promise<Support>;
    /** What the host says of a model (`/api/show`), kept for five minutes. `undefined`: no such model; that is not kept. */
    describe(model: string, call?: CallOptions): Promise<ModelInfo | undefined>;
    /** Every model of the host, described where its listing says nothing of capabilities (before Ollama 0.30). */
    list(call?: CallOptions): Promise<readonly ModelInfo[]>;
    /** Forgets what was known of names that now go to other models. */
    notice(tags: readonly TaggedModel[]): void;
    /** Remembers that the host refused: until the model changes, or five minutes have passed. */
    learn(model: string, lacks: keyof Capabilities): void;
}
interface AskOptions {
    readonly facts?: ModelFacts | undefined;
    readonly call?: CallOptions | undefined;
}

/** Body of `POST /api/chat`. */
interface ChatBody extends RequestFields {
    readonly model: string;
    readonly messages: readonly ChatMessage[];
    readonly tools?: readonly ToolDeclaration[];
    /** Always streamed: cancelling works, errors show early, no header timeout strikes. */
    readonly stream: true;
}
/** What `/api/chat` and `/api/generate` have in common. */
interface RequestFields {
    readonly think?: boolean | string;
    readonly format?: "json" | JsonObject;
    readonly options?: JsonObject;
    readonly keep_alive?: number | string;
    readonly truncate?: boolean;
    readonly shift?: boolean;
    readonly logprobs?: true;
    readonly top_logprobs?: number;
}
interface ChatMessage {
    readonly role: "system" | "user" | "assistant" | "tool";
    readonly content: string;
    readonly thinking?: string;
    /** Plain base64, no `data:` prefix. */
    readonly images?: readonly string[];
    readonly tool_calls?: readonly {
        readonly id: string;
        readonly function: FunctionCall;
    }[];
    readonly tool_name?: string;
    readonly tool_call_id?: string;
}
interface FunctionCall {
    readonly name: string;
    /** An object in both directions, never text. */
    readonly arguments: JsonObject;
}
interface ToolDeclaration {
    readonly type: "function";
    readonly function: {
        readonly name: string;
        readonly description?: string;
        readonly parameters: JsonObject;
    };
}
/** The counters of a final event: tokens, and nanoseconds. Zero ones are left out by the server. */
interface Counters {
    readonly load_duration?: number | undefined;
    readonly prompt_eval_count?: number | undefined;
    readonly prompt_eval_duration?: number | undefined;
    readonly eval_count?: number | undefined;
    readonly eval_duration?: number | undefined;
}
/** One line of a chat's answer. Everything is optional: an unforeseen line says nothing rather than breaking the stream. */
interface ChatEvent extends Counters {
    readonly message?: ReplyMessage | null | undefined;
    readonly done?: boolean | null | undefined;
    readonly done_reason?: string | null | undefined;
    readonly logprobs?: readonly LogprobEntry[] | null | undefined;
}
interface ReplyMessage {
    readonly content?: string | null | undefined;
    readonly thinking?: string | null | undefined;
    readonly tool_calls?: readonly ReplyToolCall[] | null | undefined;
}
interface ReplyToolCall {
    readonly id?: string | null | undefined;
    readonly function: {
        readonly name: string;
        readonly arguments?: Readonly<Record<string, unknown>> | null | undefined;
    };
}
interface LogprobToken {
    readonly token: string;
    readonly logprob: number;
    readonly bytes?: readonly number[] | null | undefined;
}
interface LogprobEntry extends LogprobToken {
    readonly top_logprobs?: readonly LogprobToken[] | null | undefined;
}

/** Body of `POST /api/embed`. */
interface EmbedBody {
    readonly model: string;
    /** An empty list only loads the model. */
    readonly input: readonly string[];
    readonly dimensions?: number;
    readonly truncate?: boolean;
    readonly options?: JsonObject;
    readonly keep_alive?: number | string;
}
interface EmbedReply {
    /** One for each input, in order, of length 1 each. */
    readonly embeddings: readonly (readonly number[])[];
    /** Left out when zero. */
    readonly prompt_eval_count?: number | undefined;
}

/** Body of `POST /api/generate`. */
interface GenerateBody extends RequestFields, GenerateFields {
    readonly model: string;
    /** Never empty: the server would load the model and say nothing, whatever stands beside it. */
    readonly prompt: string;
    /** Text after the gap. With one, the server leaves `system` and `images` out. */
    readonly suffix?: string;
    /** Plain base64, no `data:` prefix. */
    readonly images?: readonly string[];
    /** As with a chat: always. */
    readonly stream: true;
}
/** What only `/api/generate` has. */
interface GenerateFields {
    /** In place of the model's own. */
    readonly system?: string;
    /** A Go template in place of the model's own. */
    readonly template?: string;
    /** The prompt goes to the model as it is: no template, no parsing, no `context` in return. */
    readonly raw?: boolean;
    /** Token ids of an earlier answer. */
    readonly context?: readonly number[];
}
/** One line of an answer, in the form of a chat's. */
interface GenerateEvent extends ChatEvent {
    /** On the final event: token ids of prompt and answer, as many as there are; a server writes a list of integers. */
    readonly context?: unknown;
}

/** Bringing models to a server, into its memory and out of it. */
interface LifeCycle {
    /** Reads a model into memory, or, when it is there with the same options, restarts its timer. Takes as long as loading takes. */
    load(model: string, options?: LoadOptions, call?: CallOptions): Promise<void>;
    /** Drops a model from memory once its running answers are done. One that is not loaded is no error. */
    unload(model: string, call?: CallOptions): Promise<void>;
    /**
     * Fetches a model from its registry: batches of progress until it is installed. Leaving early stops the server's
     * download; what it has, it keeps.
     */
    pull(model: string, call?: CallOptions): AsyncIterable<readonly PullProgress[]>;
}
interface LoadOptions {
    /** Seconds, or a duration such as `"5m"`; a negative one is for ever. Default: the server's, five minutes. */
    readonly keepAlive?: number | string | undefined;
    /** Tokens. Later requests that ask for another window load the model again. */
    readonly numCtx?: number | undefined;
    /** Further options of the runner by Ollama's names, such as `num_gpu`. */
    readonly options?: JsonObject | undefined;
}
/** What a download is doing. */
interface PullProgress {
    /** In the server's words: `pulling manifest`, `pulling 4f2d…`, `verifying sha256 digest`, …, last `success`. */
    readonly status: string;
    /** Of the layer that the numbers are about. */
    readonly digest?: string | undefined;
    readonly totalBytes?: number | undefined;
    readonly completedBytes?: number | undefined;
}

/** Where the caller's own request has what errors may be about, as contract paths. */
interface InputPaths {
    readonly text: string;
    readonly images: string;
}

/** Events that came together, in order. Text and nothing else is a batch of the contract already. */
type AnswerEvents<Event> = readonly Event[] | EncodedText;

interface OllamaHostOptions {
    /** Any form people use; see `parseBaseURL`. Default `http://127.0.0.1:11434`. */
    readonly baseURL?: string | undefined;
    /** Sent as `Authorization: Bearer …` to this host only, on every endpoint. Nothing is sent without one. */
    readonly apiKey?: string | undefined;
    /** Sent with every request. An `authorization` here counts as the host's credentials. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /** Default `createTransport()`; `fromFetch(fetch)` in workers and tests. */
    readonly transport?: Transport | undefined;
    /** A longer line of an answer is `upstream_response_too_large`. Default 8 MiB. */
    readonly maxLineBytes?: number | undefined;
}
/** A call, and what the caller's own request calls the fields that an error may name. */
interface HostCall extends CallOptions {
    /** Default: as the endpoint has them, `messages`, `prompt` or `input`. */
    readonly paths?: InputPaths | undefined;
}
/** One Ollama server. Every method throws `ProviderError`, or the signal's own reason. */
interface OllamaHost extends LifeCycle {
    /** As normalised, without credentials. */
    readonly baseURL: string;
    /** What its models can do. Learns from refusals by itself. */
    readonly capabilities: CapabilityCache;
    /** `POST /api/chat`. Settles when the server has accepted; then batches of events as they arrive. */
    chat(body: ChatBody, call?: HostCall): Promise<AsyncIterable<AnswerEvents<ChatEvent>>>;
    /** `POST /api/generate`, as `chat`. */
    generate(body: GenerateBody, call?: HostCall): Promise<AsyncIterable<AnswerEvents<GenerateEvent>>>;
    /** `POST /api/embed`: one vector for each input. */
    embed(body: EmbedBody, call?: HostCall): Promise<EmbedReply>;
    /** `GET /api/tags`: what is installed, most recently modified first. */
    tags(call?: CallOptions): Promise<readonly TaggedModel[]>;
    /** `POST /api/show`; `undefined` when the server does not have the model. Heavy: `capabilities.describe` keeps the answer. */
    show(model: string, call?: CallOptions): Promise<ShownModel | undefined>;
    /** `GET /api/ps`: what is in memory. May hang while a model loads. */
    ps(call?: CallOptions): Promise<readonly RunningModel[]>;
    /** `GET /api/version`: the cheapest question that only an Ollama server answers. */
    version(call?: CallOptions): Promise<string>;
}
/** Opens nothing: the first request does. Throws `invalid_value` naming `baseURL` when that cannot be read. */
declare function createOllamaHost(options?: OllamaHostOptions): OllamaHost;

interface ImagesQuestion {
    readonly modelId: string;
    readonly facts: ModelFacts | undefined;
    readonly call: CallOptions | undefined;
    /** What the caller's request calls its images. */
    readonly setting: string;
}
/**
 * Throws `unsupported` for a model that takes no images, asking the host where nothing is known: servers before 0.30
 * drop them without a word, and answer.
 */
declare function assertImages(host: OllamaHost, { modelId, facts, call, setting }: ImagesQuestion): Promise<void>;

type Endpoint = "chat" | "generate" | "embed";
/** Extras as Ollama takes them, by where they go in a request's body. */
interface PlacedExtras {
    readonly options: JsonObject;
    readonly body: JsonObject;
    /** Of those that have no effect. */
    readonly warnings: readonly Warning[];
}
/** Throws `invalid_value` for a value that the server would not take. */
declare function placeExtras(extra: JsonObject, endpoint: Endpoint): PlacedExtras;

/** What places a request's extras, loaded by the first that has some. */
declare const extrasPlacer: () => Promise<typeof placeExtras>;

/**
 * Ollama's `done_reason` as a finish reason. It says `stop` for tool calls too, so their presence decides; `length`
 * stays, since a cut call is a cut call. `load` and `unload` answer an empty prompt: nothing was to be said.
 */
declare function toFinishReason(doneReason: string | null | undefined, hasToolCalls: boolean): FinishReason;
/** Tokens as the final event counts them. The server leaves zeros out: no output count beside a prompt count is a zero. */
declare function toUsage(counters: Counters): Usage;
/** The final event's durations; the wire has nanoseconds. `undefined` when it has none. */
declare function toTimings(counters: Counters): Timings | undefined;

interface OllamaProviderParts extends Required<Pick<Provider, "id" | "chatModel" | "textModel">> {
    readonly host: OllamaHost;
}
/** A provider of one Ollama server: an adapter's own chats and completions, and what all adapters have alike. */
declare function ollamaProvider({ id, host, chatModel, textModel }: OllamaProviderParts): Provider;
type FactorySettings = Omit<ProviderSettings, "options"> & Pick<OllamaHostOptions, "maxLineBytes">;
/** What registries and `config.yaml` hold of an adapter. Beside `baseURL`, `apiKey` and `headers` it has the option `maxLineBytes`. */
declare function ollamaFactory(id: string, create: (settings: FactorySettings, sibling: (id: string) => Provider | undefined) => Provider): ProviderFactory;

declare const NO_SUFFIX = "This model cannot fill in the middle: it has no place for a suffix.";

/**
 * A model of the other adapter for the same server, to hand requests to. Its warnings are its own: of settings that
 * neither adapter has, core has told already.
 */
declare function siblingModel<Request extends Pick<ChatRequest, "settings">>(model: StreamModel<Request>): StreamModel<Request>;
/** What is known of a model from either of two sources; the first one wins. */
declare function eitherKnows(first: Capabilities, second: Capabilities): Capabilities;

interface PartReaderOptions {
    /** Makes ids where the server gives none, or gives one twice. */
    readonly generateId: () => string;
    /** Whether `finish` tells the answer's token ids, which are as many as its tokens. Default false. */
    readonly keepsContext?: boolean | undefined;
}

/** An answer that the server has begun. */
interface OpenedAnswer {
    readonly events: AsyncIterable<AnswerEvents<GenerateEvent>>;
    readonly warnings: readonly Warning[];
    /** Default false. */
    readonly keepsContext?: boolean | undefined;
}
interface AnswerOptions extends Pick<PartReaderOptions, "generateId"> {
    readonly modelId: string;
    /** Asks the server. Called at the first read, and again when its refusal has taught what can be left out. */
    readonly open: () => Promise<OpenedAnswer>;
}
/** One answer as the contract has it, `start` to `finish`. Hand-written, as `readAnswer` is. */
declare function streamAnswer({ modelId, open, generateId }: AnswerOptions): Stream;
/** `call_` and 24 random characters, as OpenAI has them. */
declare function randomCallId(): string;

/** What chat and text requests have in common. */
type CommonRequest = Pick<ChatRequest, "settings" | "strictSettings" | "reasoning" | "responseFormat">;
/** Contract settings that Ollama can be told. */
declare const OLLAMA_SETTINGS: readonly SettingName[];
interface FieldsOptions {
    /** The request's, placed; `undefined` when it has none. */
    readonly extras: PlacedExtras | undefined;
    /** Of the model that is asked, as far as they are known. Default: unknown. */
    readonly capabilities?: Capabilities | undefined;
}
interface ConvertedFields {
    /** Of which an endpoint gets those it has. `context` may also be `true`, which asks for one and is not sent. */
    readonly fields: RequestFields & Omit<GenerateFields, "context"> & {
        readonly context?: true | readonly number[];
    };
    readonly warnings: readonly Warning[];
}
/**
 * Settings, reasoning, response format and extras as Ollama spells them; only what the caller sent (I3, I9), but for
 * `truncate: false`: without it an over-long prompt is cut and nobody is told. A named field of the contract wins over an
 * extra of the same meaning. Throws `invalid_value` naming the field, or `unsupported` for what has no effect under
 * `strictSettings`.
 */
declare function toRequestFields(request: CommonRequest, { extras, capabilities }: FieldsOptions): ConvertedFields;

/** Of a model that nobody has asked about. */
declare const UNKNOWN_CAPABILITIES: Capabilities;

export { NO_SUFFIX, OLLAMA_SETTINGS, UNKNOWN_CAPABILITIES, assertImages, createOllamaHost, eitherKnows, extrasPlacer, ollamaFactory, ollamaProvider, randomCallId, siblingModel, streamAnswer, toFinishReason, toRequestFields, toTimings, toUsage };
export type { AnswerEvents, AnswerOptions, AskOptions, CapabilityCache, ChatBody, ChatEvent, ChatMessage, CommonRequest, ConvertedFields, Counters, EmbedBody, EmbedReply, Endpoint, FieldsOptions, FunctionCall, GenerateBody, GenerateEvent, GenerateFields, HostCall, ImagesQuestion, InputPaths, LifeCycle, LoadOptions, LogprobEntry, LogprobToken, ModelDetails, OllamaHost, OllamaHostOptions, OllamaProviderParts, OpenedAnswer, PlacedExtras, PullProgress, ReplyMessage, ReplyToolCall, RequestFields, RunningModel, ShownModel, TaggedModel, ToolDeclaration };
