import type { AssistantContent, Completion } from "@llamaduct/core";
import type {
  ChatCompletion,
  ChatCompletionMessage,
  ChatCompletionToolCall,
  CompletionIdentity,
} from "./chat-completion.ts";
import { toFinishReason } from "./to-finish-reason.ts";
import { toLogprobs } from "./to-logprobs.ts";
import { toUsage } from "./to-usage.ts";

/** What core's `collect()` gives, as OpenAI's answer. */
export function toChatCompletion(completion: Completion, identity: CompletionIdentity): ChatCompletion {
  const { content, logprobs, finish } = completion;
  return {
    id: identity.id,
    object: "chat.completion",
    created: identity.created,
    model: identity.model,
    choices: [
      {
        index: 0,
        message: toMessage(content),
        logprobs: logprobs === undefined ? null : toLogprobs(logprobs),
        finish_reason: toFinishReason(finish.reason),
      },
    ],
    usage: toUsage(finish.usage),
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
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}
