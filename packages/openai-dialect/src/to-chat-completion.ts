import type { AssistantContent, Completion } from "@llamaduct/core";
import type {
  ChatCompletion,
  ChatCompletionMessage,
  ChatCompletionToolCall,
  CompletionIdentity,
} from "./chat-completion.ts";
import { mergeReasoning } from "./merge-reasoning.ts";
import { sumUsage } from "./sum-usage.ts";
import { toFinishReason } from "./to-finish-reason.ts";
import { toLogprobs } from "./to-logprobs.ts";
import { toUsage } from "./to-usage.ts";

/** `{ ...decoded, id, created }`, where `decoded` is what `decodeChatRequest` gives. */
export interface ChatCompletionOptions extends CompletionIdentity {
  /** Whether reasoning comes in the text, between `<think>` and `</think>`. Default: no. */
  readonly mergeReasoning?: boolean | undefined;
}

/** What core's `collect()` gives, as OpenAI's answer; of several, each is a choice, and usage is their sum. */
export function toChatCompletion(
  completions: Completion | readonly Completion[],
  options: ChatCompletionOptions,
): ChatCompletion {
  const choices = [completions].flat();
  return {
    id: options.id,
    object: "chat.completion",
    created: options.created,
    model: options.model,
    choices: choices.map(({ content, logprobs, finish }, index) => ({
      index,
      message: toMessage(options.mergeReasoning === true ? mergeReasoning(content) : content),
      logprobs: logprobs === undefined ? null : toLogprobs(logprobs),
      finish_reason: toFinishReason(finish.reason),
    })),
    usage: toUsage(sumUsage(choices.map(({ finish }) => finish.usage))),
  };
}

function toMessage(content: readonly AssistantContent[]): ChatCompletionMessage {
  let text = "";
  let reasoning = "";
  const calls: ChatCompletionToolCall[] = [];
  for (const part of content) {
    if (part.type === "text") text += part.text;
    else if (part.type === "reasoning") reasoning += part.text;
    else calls.push({ id: part.id, type: "function", function: { name: part.name, arguments: part.arguments } });
  }
  return {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning !== "" && { reasoning_content: reasoning, reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}
