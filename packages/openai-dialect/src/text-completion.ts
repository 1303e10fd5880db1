import type { CompletionUsage } from "./chat-completion.ts";

// Arrays are mutable and absent members really absent, as in the types of OpenAI's SDK, which these can stand in for.

/** A whole answer, as `POST /v1/completions` gives it. */
export interface TextCompletion {
  readonly id: string;
  readonly object: "text_completion";
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly choices: TextCompletionChoice[];
  readonly usage: CompletionUsage;
}
export interface TextCompletionChoice {
  readonly index: number;
  readonly text: string;
  /** What a model thought before it answered. OpenAI has no field for it here; it is never in `text`. */
  readonly reasoning_content?: string;
  readonly logprobs: TextLogprobs | null;
  readonly finish_reason: TextFinishReason;
}
export type TextFinishReason = "stop" | "length" | "content_filter";

/** One event of a streamed answer. */
export interface TextCompletionChunk {
  readonly id: string;
  readonly object: "text_completion";
  readonly created: number;
  readonly model: string;
  /** Empty in the usage chunk alone. */
  readonly choices: TextCompletionChunkChoice[];
  /** There only when usage was asked for, and `null` in every chunk but the last. */
  readonly usage?: CompletionUsage | null;
}
export interface TextCompletionChunkChoice extends Omit<TextCompletionChoice, "finish_reason"> {
  readonly finish_reason: TextFinishReason | null;
}

/** One entry per token in each list. */
export interface TextLogprobs {
  readonly tokens: string[];
  readonly token_logprobs: number[];
  /** The alternatives and the token itself. */
  readonly top_logprobs: Record<string, number>[];
  /** Characters of the choice before the token: an echoed prompt, and the tokens before it. */
  readonly text_offset: number[];
}
