// chat.d.ts
import { DecodedChatRequest } from './index.js';
export { c as createChunkEncoder, t as toChatCompletion, a as toParam } from './to-param.js';
import '@llamaduct/core';

/**
 * As `decodeChatRequest`, for a chat that is text, with settings. `undefined` for one that says anything else, or something
 * wrong: `decodeChatRequest` decodes it, or names the field.
 */
declare function decodePlainChat(body: object): DecodedChatRequest | undefined;

export { decodePlainChat };

// index.d.ts
import { C as ChunkOptions, D as DecodedChatRequest, b as CompletionUsage, d as CompletionIdentity } from './to-param.js';
export { e as ChatCompletion, f as ChatCompletionChoice, g as ChatCompletionChunk, h as ChatCompletionChunkChoice, i as ChatCompletionDelta, j as ChatCompletionFinishReason, k as ChatCompletionLogprobs, l as ChatCompletionMessage, m as ChatCompletionOptions, n as ChatCompletionTokenLogprob, o as ChatCompletionToolCall, p as ChatCompletionToolCallDelta, q as ChunkEncoder, T as TokenAlternative, c as createChunkEncoder, t as toChatCompletion, a as toParam } from './to-param.js';
import { Batch, TextRequest, Warning, EmbeddingRequest, JsonObject, Embeddings, ProviderError, Completion } from '@llamaduct/core';

/** OpenAI treats an explicit `null` as an absent field, and so do we. */
type Optional<Value> = Value | null | undefined;
/** Fields that say who answers and what is dropped on the way. The last three are LiteLLM's. */
interface RoutingParams {
    readonly model: string;
    /** `false`: a setting that the provider cannot send is an error. Otherwise it is a warning. */
    readonly drop_params?: Optional<boolean>;
    /** Fields to leave out, as if they had not been sent: `seed`, `tools[0].function.strict`, `tools[*].type`. */
    readonly additional_drop_params?: Optional<readonly string[]>;
    /** Accepted; nothing is refused here that it could allow. */
    readonly allowed_openai_params?: Optional<readonly string[]>;
}
/** Fields of chat and text completions alike. */
interface GenerationParams extends RoutingParams {
    readonly response_format?: Optional<ResponseFormatParam>;
    /** OpenAI's string, or LiteLLM's object around it. */
    readonly reasoning_effort?: Optional<EffortParam | {
        readonly effort?: Optional<EffortParam>;
    }>;
    /** Wins over `max_tokens`, which it replaces. */
    readonly max_completion_tokens?: Optional<number>;
    readonly max_tokens?: Optional<number>;
    readonly temperature?: Optional<number>;
    readonly top_p?: Optional<number>;
    readonly top_k?: Optional<number>;
    readonly min_p?: Optional<number>;
    readonly frequency_penalty?: Optional<number>;
    readonly presence_penalty?: Optional<number>;
    readonly logit_bias?: Optional<Readonly<Record<string, number>>>;
    readonly seed?: Optional<number>;
    readonly stop?: Optional<string | readonly string[]>;
    /** Choices per prompt, 1 to 128. */
    readonly n?: Optional<number>;
    readonly stream?: Optional<boolean>;
    readonly stream_options?: Optional<StreamOptionsParam>;
}
type ResponseFormatParam = {
    readonly type: "text";
} | {
    readonly type: "json_object";
} | {
    readonly type: "json_schema";
    readonly json_schema: {
        readonly name?: Optional<string>;
        readonly description?: Optional<string>;
        readonly schema: object;
        readonly strict?: Optional<boolean>;
    };
};
/** `ultra` is another word for `max`. */
type EffortParam = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | "ultra";
interface StreamOptionsParam {
    readonly include_usage?: Optional<boolean>;
    readonly include_obfuscation?: Optional<boolean>;
}

/**
 * The body of `POST /v1/chat/completions`, as people write it. Shapes are OpenAI's
 * (https://platform.openai.com/docs/api-reference/chat/create); every other field is passed on to the provider as it is
 * spelt (`num_ctx`, `keep_alive`).
 */
interface ChatCompletionRequest extends GenerationParams {
    readonly messages: readonly MessageParam[];
    readonly tools?: Optional<readonly ToolParam[]>;
    readonly tool_choice?: Optional<ToolChoiceParam>;
    readonly parallel_tool_calls?: Optional<boolean>;
    readonly logprobs?: Optional<boolean>;
    /** 0 to 20; needs `logprobs: true`. */
    readonly top_logprobs?: Optional<number>;
    readonly modalities?: Optional<readonly "text"[]>;
    /** LiteLLM's: reasoning comes in `content`, as `<think>…</think>` before the text. */
    readonly merge_reasoning_content_in_choices?: Optional<boolean>;
    readonly [extra: string]: unknown;
}
type MessageParam = SystemMessageParam | UserMessageParam | AssistantMessageParam | ToolMessageParam;
/** `developer` is the newer word for the same thing. */
interface SystemMessageParam {
    readonly role: "system" | "developer";
    readonly content: string | readonly TextPartParam[];
}
interface UserMessageParam {
    readonly role: "user";
    readonly content: string | readonly (TextPartParam | ImagePartParam)[];
    readonly name?: Optional<string>;
    /** As other servers have it: images of this message, after its content; each as `image_url` takes it. */
    readonly images?: Optional<readonly string[]>;
}
/** Reasoning is read from any of the three names that servers use; the first that holds text counts. */
interface AssistantMessageParam {
    readonly role: "assistant";
    readonly content?: Optional<string | readonly (TextPartParam | RefusalPartParam)[]>;
    readonly refusal?: Optional<string>;
    readonly name?: Optional<string>;
    readonly reasoning_content?: Optional<string>;
    readonly reasoning?: Optional<string>;
    readonly thinking?: Optional<string>;
    readonly tool_calls?: Optional<readonly ToolCallParam[]>;
}
interface ToolMessageParam {
    readonly role: "tool";
    readonly tool_call_id: string;
    readonly content: string | readonly TextPartParam[];
}
interface TextPartParam {
    readonly type: "text";
    readonly text: string;
}
interface RefusalPartParam {
    readonly type: "refusal";
    readonly refusal: string;
}
/** A `data:` URL or bare base64 of a PNG, JPEG, WebP or GIF; LiteLLM allows the string without its object. */
interface ImagePartParam {
    readonly type: "image_url";
    readonly image_url: string | {
        readonly url: string;
    };
}
/** `arguments` is JSON text; empty or absent means no arguments. */
interface ToolCallParam {
    readonly id: string;
    readonly type: "function";
    readonly function: {
        readonly name: string;
        readonly arguments?: Optional<string>;
    };
}
interface ToolParam {
    readonly type: "function";
    readonly function: {
        readonly name: string;
        readonly description?: Optional<string>;
        /** JSON Schema; absent means a tool without parameters. */
        readonly parameters?: Optional<object>;
        readonly strict?: Optional<boolean>;
    };
}
type ToolChoiceParam = "auto" | "none" | "required" | {
    readonly type: "function";
    readonly function: {
        readonly name: string;
    };
};

interface EventEncoder {
    /**
     * Server-sent events for one batch in UTF-8, to be written at once; empty when it holds nothing a client is told.
     * `index` is the choice's, 0 when it is not given.
     */
    encode(batch: Batch, index?: number): Uint8Array;
    /** The end mark. The caller writes it after success and only then: its absence is how clients see a failure. */
    readonly done: Uint8Array;
}
/** An answer's batches to the bytes of its response body. The events are `createChunkEncoder`'s chunks, byte for byte. */
declare function createEventEncoder(options: ChunkOptions): EventEncoder;

/**
 * The body of `POST /v1/chat/completions`, parsed from JSON, to the contract's request.
 * Throws a `ProviderError` (`invalid_value` or `unsupported`) whose `setting` is the dotted path of the field that is to
 * blame, e.g. `messages.0.content`. Fields that OpenAI does not have go to `request.extra`.
 */
declare function decodeChatRequest(body: unknown): DecodedChatRequest;

/**
 * The body of `POST /v1/completions`. Shapes are OpenAI's (https://platform.openai.com/docs/api-reference/completions/create)
 * with `system`, `images` and chat's fields added; every other field is passed on to the provider as it is spelt (`raw`,
 * `template`, `context`).
 */
interface TextCompletionRequest extends GenerationParams {
    /** Text, or several: each has `n` choices of its own. */
    readonly prompt: string | readonly string[];
    /** What follows the gap that the model is to fill. */
    readonly suffix?: Optional<string>;
    readonly system?: Optional<string>;
    /** Each as chat's `image_url` takes it. */
    readonly images?: Optional<readonly string[]>;
    /** Whether the prompt comes back in front of each text. */
    readonly echo?: Optional<boolean>;
    /** How many answers are made per prompt to give the `n` likeliest. Default: `n`. Not for streams. */
    readonly best_of?: Optional<number>;
    /** Alternatives per token, 0 to 20. */
    readonly logprobs?: Optional<number>;
    readonly [extra: string]: unknown;
}

/** What a text completion request asks for, and how it wants to be answered: `bestOf` answers to each prompt. */
interface DecodedCompletionRequest {
    readonly model: string;
    readonly stream: boolean;
    /** `stream_options.include_usage`: the stream ends with a chunk that holds the usage. */
    readonly includeUsage: boolean;
    /** One or more, in the order of their choices. */
    readonly prompts: readonly string[];
    /** Choices per prompt. */
    readonly n: number;
    /** Answers to make per prompt, at least `n`; the likeliest are the choices. In a stream it is `n`. */
    readonly bestOf: number;
    /** Whether each choice begins with its prompt. */
    readonly echo: boolean;
    /** Whether the client wants to see them. Ranking needs them too, so `settings.logprobs` may be there without. */
    readonly logprobs: boolean;
    /** Everything but the prompt. */
    readonly request: Omit<TextRequest, "prompt">;
    /** Fields that were dropped as asked, or accepted and change nothing here; `setting` is the field as OpenAI spells it. */
    readonly warnings: readonly Warning[];
}
/**
 * The body of `POST /v1/completions`, parsed from JSON, to the contract's request. Throws as `decodeChatRequest` does.
 * OpenAI's default of 16 tokens is not ours.
 */
declare function decodeCompletionRequest(body: unknown): DecodedCompletionRequest;

/**
 * The body of `POST /v1/embeddings`. Shapes are OpenAI's (https://platform.openai.com/docs/api-reference/embeddings/create);
 * every other field is passed on to the provider as it is spelt (`truncate`, `keep_alive`).
 */
interface CreateEmbeddingRequest extends RoutingParams {
    /** Text, or several; never empty. */
    readonly input: string | readonly string[];
    readonly dimensions?: Optional<number>;
    /** Default: `float`. OpenAI's own SDKs ask for `base64`. */
    readonly encoding_format?: Optional<EncodingFormat>;
    readonly [extra: string]: unknown;
}
/** Numbers, or base64 of little-endian 32-bit floats. */
type EncodingFormat = "float" | "base64";

/** What an embedding request asks for, and how it wants to be answered. */
interface DecodedEmbeddingRequest {
    readonly model: string;
    readonly encodingFormat: EncodingFormat;
    readonly request: EmbeddingRequest;
    /** Fields that were dropped as asked, or accepted and change nothing here; `setting` is the field as OpenAI spells it. */
    readonly warnings: readonly Warning[];
}
/** The body of `POST /v1/embeddings`, parsed from JSON, to the contract's request. Throws as `decodeChatRequest` does. */
declare function decodeEmbeddingRequest(body: unknown): DecodedEmbeddingRequest;

/** Where a request names an image: a data URL, base64 or a URL, and the field's dotted path as the decoders spell it. */
interface ImageSource {
    readonly source: string;
    readonly setting: string;
}
/**
 * The images of a request body: `image_url` parts, and `images` of messages and of the body itself. Shapes that the
 * decoders refuse are left for them to refuse.
 */
declare function imageSources(body: unknown): readonly ImageSource[];
/** The body with other sources in place of those that `imageSources` finds, in its order. The body is not changed. */
declare function replaceImageSources<Body>(body: Body, sources: readonly string[]): Body;

/** OpenAPI 3.1's `components` for the requests that the decoders take and the answers that the converters make. */
declare function openapiComponents(): JsonObject;

/**
 * The model a request asks for, before anything else of it is looked at: whoever routes it may have defaults to add.
 * Throws as `decodeChatRequest` does.
 */
declare function requestedModel(body: unknown): string;

/** A whole answer, as `POST /v1/completions` gives it. */
interface TextCompletion {
    readonly id: string;
    readonly object: "text_completion";
    /** Seconds since 1970. */
    readonly created: number;
    readonly model: string;
    readonly choices: TextCompletionChoice[];
    readonly usage: CompletionUsage;
}
interface TextCompletionChoice {
    readonly index: number;
    readonly text: string;
    /** What a model thought before it answered. OpenAI has no field for it here; it is never in `text`. */
    readonly reasoning_content?: string;
    readonly logprobs: TextLogprobs | null;
    readonly finish_reason: TextFinishReason;
}
type TextFinishReason = "stop" | "length" | "content_filter";
/** One event of a streamed answer. */
interface TextCompletionChunk {
    readonly id: string;
    readonly object: "text_completion";
    readonly created: number;
    readonly model: string;
    /** Empty in the usage chunk alone. */
    readonly choices: TextCompletionChunkChoice[];
    /** There only when usage was asked for, and `null` in every chunk but the last. */
    readonly usage?: CompletionUsage | null;
}
interface TextCompletionChunkChoice extends Omit<TextCompletionChoice, "finish_reason"> {
    readonly finish_reason: TextFinishReason | null;
}
/** One entry per token in each list. */
interface TextLogprobs {
    readonly tokens: string[];
    readonly token_logprobs: number[];
    /** The alternatives and the token itself. */
    readonly top_logprobs: Record<string, number>[];
    /** Characters of the choice before the token: an echoed prompt, and the tokens before it. */
    readonly text_offset: number[];
}

/** `{ ...decoded, id, created }`, where `decoded` is what `decodeCompletionRequest` gives. */
interface TextChunkOptions extends CompletionIdentity {
    /** Whether the client asked for `stream_options.include_usage`. */
    readonly includeUsage: boolean;
    readonly prompts: readonly string[];
    /** Choices per prompt. */
    readonly n: number;
    readonly echo: boolean;
}
interface TextChunkEncoder {
    /**
     * The chunks of one batch; none when it holds nothing a client is told. `index` is the choice's, 0 when it is not
     * given: the first prompt's `n` come first. Batches of several choices may come in any order, and usage goes out after
     * the last choice's finish.
     */
    encode(batch: Batch, index?: number): readonly TextCompletionChunk[];
}
/** An answer's batches to OpenAI's chunks, as objects. One encoder per answer, the batches of a choice in order. */
declare function createTextChunkEncoder(options: TextChunkOptions): TextChunkEncoder;

interface TextEventEncoder {
    /**
     * Server-sent events for one batch in UTF-8, to be written at once; empty when it holds nothing a client is told.
     * `index` is the choice's, 0 when it is not given: the first prompt's `n` come first.
     */
    encode(batch: Batch, index?: number): Uint8Array;
    /** The end mark. The caller writes it after success and only then: its absence is how clients see a failure. */
    readonly done: Uint8Array;
}
/** An answer's batches to the bytes of its response body. The events are `createTextChunkEncoder`'s, byte for byte. */
declare function createTextEventEncoder(options: TextChunkOptions): TextEventEncoder;

/** What `POST /v1/embeddings` answers; `Vector` is what the encoding format makes of a vector. */
interface EmbeddingList<Vector extends number[] | string = number[] | string> {
    readonly object: "list";
    /** In the order of the input. */
    readonly data: EmbeddingObject<Vector>[];
    readonly model: string;
    /** 0 when the upstream did not count. */
    readonly usage: {
        readonly prompt_tokens: number;
        readonly total_tokens: number;
    };
}
interface EmbeddingObject<Vector extends number[] | string = number[] | string> {
    readonly object: "embedding";
    readonly index: number;
    readonly embedding: Vector;
}
/** `{ ...decoded }`, where `decoded` is what `decodeEmbeddingRequest` gives. */
interface EmbeddingListOptions {
    /** As the client asked for it. */
    readonly model: string;
    readonly encodingFormat: EncodingFormat;
}
/** A provider's vectors, as numbers or as base64 of little-endian 32-bit floats. */
declare function toEmbeddingList(embeddings: Embeddings, options: EmbeddingListOptions): EmbeddingList;

/** How OpenAI words a failure. */
interface OpenAIErrorBody {
    readonly error: {
        readonly message: string;
        readonly type: string;
        /** The request field to blame. */
        readonly param: string | null;
        readonly code: string;
    };
}
interface ErrorResponse {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: OpenAIErrorBody;
}
/** The response to a request that failed before its first byte. What an upstream said is not in it. */
declare function toErrorBody(error: ProviderError): ErrorResponse;
/** The one event that ends a stream which fails after its first byte; no end mark follows it. */
declare function toErrorEvent(error: ProviderError): string;

/** What `GET /v1/models` answers. */
interface ModelList {
    readonly object: "list";
    readonly data: readonly ListedModel[];
}
interface ListedModel {
    readonly id: string;
    readonly object: "model";
    /** Seconds since 1970; 0 when nobody knows. */
    readonly created: number;
    readonly owned_by: string;
}
interface ModelListing {
    readonly id: string;
    /** Seconds since 1970. */
    readonly created?: number | undefined;
    readonly ownedBy?: string | undefined;
}
/** Models in the order given. */
declare function toModelList(models: readonly ModelListing[]): ModelList;
/** What `GET /v1/models/{id}` answers. */
declare function toModelObject({ id, created, ownedBy }: ModelListing): ListedModel;

/** `{ ...decoded, id, created }`, where `decoded` is what `decodeCompletionRequest` gives. */
interface TextCompletionOptions extends CompletionIdentity {
    readonly prompts: readonly string[];
    /** Choices per prompt. */
    readonly n: number;
    /** Answers per prompt. */
    readonly bestOf: number;
    readonly echo: boolean;
    /** Whether logprobs are shown where there are some. */
    readonly logprobs: boolean;
}
/**
 * What core's `collect()` gives for each call, as OpenAI's answer: `bestOf` completions of the first prompt, then those of
 * the next. The `n` likeliest of each prompt are its choices, likeliest first; usage is the sum of all that were made.
 */
declare function toTextCompletion(completions: readonly Completion[], options: TextCompletionOptions): TextCompletion;

export { ChunkOptions, CompletionIdentity, CompletionUsage, DecodedChatRequest, createEventEncoder, createTextChunkEncoder, createTextEventEncoder, decodeChatRequest, decodeCompletionRequest, decodeEmbeddingRequest, imageSources, openapiComponents, replaceImageSources, requestedModel, toEmbeddingList, toErrorBody, toErrorEvent, toModelList, toModelObject, toTextCompletion };
export type { AssistantMessageParam, ChatCompletionRequest, CreateEmbeddingRequest, DecodedCompletionRequest, DecodedEmbeddingRequest, EffortParam, EmbeddingList, EmbeddingListOptions, EmbeddingObject, EncodingFormat, ErrorResponse, EventEncoder, GenerationParams, ImagePartParam, ImageSource, ListedModel, MessageParam, ModelList, ModelListing, OpenAIErrorBody, RefusalPartParam, ResponseFormatParam, RoutingParams, StreamOptionsParam, SystemMessageParam, TextChunkEncoder, TextChunkOptions, TextCompletion, TextCompletionChoice, TextCompletionChunk, TextCompletionChunkChoice, TextCompletionOptions, TextCompletionRequest, TextEventEncoder, TextFinishReason, TextLogprobs, TextPartParam, ToolCallParam, ToolChoiceParam, ToolMessageParam, ToolParam, UserMessageParam };

// to-param.d.ts
import { Batch, ChatRequest, Warning, Completion } from '@llamaduct/core';

/** A whole answer, as `POST /v1/chat/completions` gives it. */
interface ChatCompletion {
    readonly id: string;
    readonly object: "chat.completion";
    /** Seconds since 1970. */
    readonly created: number;
    readonly model: string;
    readonly choices: ChatCompletionChoice[];
    readonly usage: CompletionUsage;
}
interface ChatCompletionChoice {
    readonly index: number;
    readonly message: ChatCompletionMessage;
    readonly logprobs: ChatCompletionLogprobs | null;
    readonly finish_reason: ChatCompletionFinishReason;
}
interface ChatCompletionMessage {
    readonly role: "assistant";
    /** `null` when the answer is nothing but tool calls. */
    readonly content: string | null;
    readonly refusal: null;
    /** LiteLLM's name for what a model thought before it answered. */
    readonly reasoning_content?: string;
    /** The same text, under the name other servers use. */
    readonly reasoning?: string;
    readonly tool_calls?: ChatCompletionToolCall[];
}
interface ChatCompletionToolCall {
    readonly id: string;
    readonly type: "function";
    /** `arguments` is text as the model wrote it; it may be invalid JSON. */
    readonly function: {
        readonly name: string;
        readonly arguments: string;
    };
}
type ChatCompletionFinishReason = "stop" | "length" | "tool_calls" | "content_filter";
/** One event of a streamed answer. */
interface ChatCompletionChunk {
    readonly id: string;
    readonly object: "chat.completion.chunk";
    readonly created: number;
    readonly model: string;
    /** Empty in the usage chunk alone. */
    readonly choices: ChatCompletionChunkChoice[];
    /** There only when usage was asked for, and `null` in every chunk but the last. */
    readonly usage?: CompletionUsage | null;
}
interface ChatCompletionChunkChoice {
    readonly index: number;
    readonly delta: ChatCompletionDelta;
    readonly logprobs: ChatCompletionLogprobs | null;
    readonly finish_reason: ChatCompletionFinishReason | null;
}
interface ChatCompletionDelta {
    readonly role?: "assistant";
    readonly content?: string | null;
    readonly reasoning_content?: string;
    readonly reasoning?: string;
    readonly tool_calls?: ChatCompletionToolCallDelta[];
}
/** `id`, `type` and `function.name` come with the first delta of a call. */
interface ChatCompletionToolCallDelta {
    readonly index: number;
    readonly id?: string;
    readonly type?: "function";
    readonly function: {
        readonly name?: string;
        readonly arguments: string;
    };
}
interface ChatCompletionLogprobs {
    readonly content: ChatCompletionTokenLogprob[];
    readonly refusal: null;
}
interface TokenAlternative {
    readonly token: string;
    readonly logprob: number;
    readonly bytes: number[] | null;
}
interface ChatCompletionTokenLogprob extends TokenAlternative {
    readonly top_logprobs: TokenAlternative[];
}
/** A count the upstream did not give is 0; the details are there when it gave them. */
interface CompletionUsage {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    readonly prompt_tokens_details?: {
        readonly cached_tokens: number;
    };
    readonly completion_tokens_details?: {
        readonly reasoning_tokens: number;
    };
}
/** What every chunk of one answer, and the whole answer, have in common; chat and text completions alike. */
interface CompletionIdentity {
    /** `chatcmpl-…` in chat, `cmpl-…` in text completions. */
    readonly id: string;
    /** Seconds since 1970. */
    readonly created: number;
    /** As the client asked for it. */
    readonly model: string;
}

/** `{ ...decoded, id, created }`, where `decoded` is what `decodeChatRequest` gives. */
interface ChunkOptions extends CompletionIdentity {
    /** Whether the client asked for `stream_options.include_usage`. */
    readonly includeUsage: boolean;
    /** How many choices the answer has. Default: 1. */
    readonly n?: number | undefined;
    /** Whether reasoning comes in the text, between `<think>` and `</think>`. Default: no. */
    readonly mergeReasoning?: boolean | undefined;
}
interface ChunkEncoder {
    /**
     * The chunks of one batch; none when it holds nothing a client is told. `index` is the choice's, 0 when it is not
     * given; batches of several choices may come in any order, and usage goes out after the last choice's finish.
     */
    encode(batch: Batch, index?: number): readonly ChatCompletionChunk[];
}
/** An answer's batches to OpenAI's chunks, as objects. One encoder per answer, the batches of a choice in order. */
declare function createChunkEncoder(options: ChunkOptions): ChunkEncoder;

/** What a chat completion request asks for, and how it wants to be answered. */
interface DecodedChatRequest {
    readonly model: string;
    readonly stream: boolean;
    /** `stream_options.include_usage`: the stream ends with a chunk that holds the usage. */
    readonly includeUsage: boolean;
    /** How many answers to `request` are asked for; each is a choice. */
    readonly n: number;
    /** `merge_reasoning_content_in_choices`: reasoning comes in the text, between `<think>` and `</think>`. */
    readonly mergeReasoning: boolean;
    readonly request: ChatRequest;
    /** Fields that were dropped as asked, or accepted and change nothing here; `setting` is the field as OpenAI spells it. */
    readonly warnings: readonly Warning[];
}

/** `{ ...decoded, id, created }`, where `decoded` is what `decodeChatRequest` gives. */
interface ChatCompletionOptions extends CompletionIdentity {
    /** Whether reasoning comes in the text, between `<think>` and `</think>`. Default: no. */
    readonly mergeReasoning?: boolean | undefined;
}
/** What core's `collect()` gives, as OpenAI's answer; of several, each is a choice, and usage is their sum. */
declare function toChatCompletion(completions: Completion | readonly Completion[], options: ChatCompletionOptions): ChatCompletion;

/** A contract path as OpenAI's request spells it; what needs no translation stays as it is. */
declare function toParam(setting: string | undefined): string | null;

export { toParam as a, createChunkEncoder as c, toChatCompletion as t };
export type { ChunkOptions as C, DecodedChatRequest as D, TokenAlternative as T, CompletionUsage as b, CompletionIdentity as d, ChatCompletion as e, ChatCompletionChoice as f, ChatCompletionChunk as g, ChatCompletionChunkChoice as h, ChatCompletionDelta as i, ChatCompletionFinishReason as j, ChatCompletionLogprobs as k, ChatCompletionMessage as l, ChatCompletionOptions as m, ChatCompletionTokenLogprob as n, ChatCompletionToolCall as o, ChatCompletionToolCallDelta as p, ChunkEncoder as q };
