import type { ChatRequest, Warning } from "@llamaduct/core";
import type { ChatCompletionRequest } from "./chat-completion-request.ts";

/** What a chat completion request asks for, and how it wants to be answered. */
export interface DecodedChatRequest {
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

type HowToAnswer = Pick<
  ChatCompletionRequest,
  "model" | "stream" | "stream_options" | "n" | "merge_reasoning_content_in_choices"
>;

export function toDecodedChat(
  params: HowToAnswer,
  request: ChatRequest,
  warnings: readonly Warning[],
): DecodedChatRequest {
  return {
    model: params.model,
    stream: params.stream ?? false,
    includeUsage: params.stream_options?.include_usage ?? false,
    n: params.n ?? 1,
    mergeReasoning: params.merge_reasoning_content_in_choices ?? false,
    request,
    warnings,
  };
}
