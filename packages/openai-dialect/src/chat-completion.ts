// Arrays are mutable and absent members really absent, as in the types of OpenAI's SDK, which these can stand in for.

/** A whole answer, as `POST /v1/chat/completions` gives it. */
export interface ChatCompletion {
  readonly id: string;
  readonly object: "chat.completion";
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly choices: ChatCompletionChoice[];
  readonly usage: CompletionUsage;
}
export interface ChatCompletionChoice {
  readonly index: number;
  readonly message: ChatCompletionMessage;
  readonly logprobs: ChatCompletionLogprobs | null;
  readonly finish_reason: ChatCompletionFinishReason;
}
export interface ChatCompletionMessage {
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
export interface ChatCompletionToolCall {
  readonly id: string;
  readonly type: "function";
  /** `arguments` is text as the model wrote it; it may be invalid JSON. */
  readonly function: { readonly name: string; readonly arguments: string };
}
export type ChatCompletionFinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** One event of a streamed answer. */
export interface ChatCompletionChunk {
  readonly id: string;
  readonly object: "chat.completion.chunk";
  readonly created: number;
  readonly model: string;
  /** Empty in the usage chunk alone. */
  readonly choices: ChatCompletionChunkChoice[];
  /** There only when usage was asked for, and `null` in every chunk but the last. */
  readonly usage?: CompletionUsage | null;
}
export interface ChatCompletionChunkChoice {
  readonly index: number;
  readonly delta: ChatCompletionDelta;
  readonly logprobs: ChatCompletionLogprobs | null;
  readonly finish_reason: ChatCompletionFinishReason | null;
}
export interface ChatCompletionDelta {
  readonly role?: "assistant";
  readonly content?: string | null;
  readonly reasoning_content?: string;
  readonly reasoning?: string;
  readonly tool_calls?: ChatCompletionToolCallDelta[];
}
/** `id`, `type` and `function.name` come with the first delta of a call. */
export interface ChatCompletionToolCallDelta {
  readonly index: number;
  readonly id?: string;
  readonly type?: "function";
  readonly function: { readonly name?: string; readonly arguments: string };
}

export interface ChatCompletionLogprobs {
  readonly content: ChatCompletionTokenLogprob[];
  readonly refusal: null;
}
export interface TokenAlternative {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: number[] | null;
}
export interface ChatCompletionTokenLogprob extends TokenAlternative {
  readonly top_logprobs: TokenAlternative[];
}

/** A count the upstream did not give is 0; the details are there when it gave them. */
export interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
  readonly completion_tokens_details?: { readonly reasoning_tokens: number };
}

/** What every chunk of one answer, and the whole answer, have in common; chat and text completions alike. */
export interface CompletionIdentity {
  /** `chatcmpl-…` in chat, `cmpl-…` in text completions. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** As the client asked for it. */
  readonly model: string;
}
