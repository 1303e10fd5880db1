import type { FinishReason } from "@llamaduct/core";
import type { TextFinishReason } from "./text-completion.ts";
import { toFinishReason } from "./to-finish-reason.ts";

/** There are no tools in text completions, and so no word for a call. */
export function toTextFinishReason(reason: FinishReason): TextFinishReason {
  const word = toFinishReason(reason);
  return word === "tool_calls" ? "stop" : word;
}
