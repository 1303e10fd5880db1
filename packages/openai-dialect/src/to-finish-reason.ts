import type { FinishReason } from "@llamaduct/core";
import type { ChatCompletionFinishReason } from "./chat-completion.ts";

const REASONS: Readonly<Record<FinishReason, ChatCompletionFinishReason>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
  other: "stop",
};

/** OpenAI has no word for "other", nor for reasons of a later spec: clients get the one they all know. */
export function toFinishReason(reason: FinishReason): ChatCompletionFinishReason {
  return REASONS[reason] ?? "stop";
}
