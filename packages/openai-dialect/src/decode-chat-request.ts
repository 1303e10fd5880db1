import type { ChatRequest, Warning } from "@llamaduct/core";
import { applyDropParams } from "./apply-drop-params.ts";
import type { ChatCompletionRequest } from "./chat-completion-request.ts";
import { chatFields, chatSchema } from "./chat-request-schema.ts";
import { type DecodedChatRequest, toDecodedChat } from "./decoded-chat-request.ts";
import { invalidField, toFieldError } from "./field-error.ts";
import { detailsWithoutEffect, fieldsWithoutEffect, noEffect } from "./no-effect.ts";
import { present } from "./present.ts";
import { toEffort } from "./to-effort.ts";
import { toExtra } from "./to-extra.ts";
import { toMessages } from "./to-messages.ts";
import { toFormatAndExtra } from "./to-response-format.ts";
import { toSettings } from "./to-settings.ts";
import { toTools } from "./to-tools.ts";

/**
 * The body of `POST /v1/chat/completions`, parsed from JSON, to the contract's request.
 * Throws a `ProviderError` (`invalid_value` or `unsupported`) whose `setting` is the dotted path of the field that is to
 * blame, e.g. `messages.0.content`. Fields that OpenAI does not have go to `request.extra`.
 */
export function decodeChatRequest(body: unknown): DecodedChatRequest {
  const left = applyDropParams(body);
  const parsed = chatSchema.safeParse(left.body);
  if (!parsed.success) throw toFieldError(parsed.error.issues, left.body);
  const request = parsed.data;
  const decoded = present<ChatRequest>({
    messages: toMessages(request.messages),
    ...toTools(request),
    settings: toSettings(request, toLogprobs(request)),
    strictSettings: left.strictSettings,
    reasoning: toEffort(request.reasoning_effort),
    ...toFormatAndExtra(request.response_format, toExtra(left.body, chatFields)),
  });
  return toDecodedChat(request, decoded, [
    ...left.warnings,
    ...fieldsWithoutEffect(left.body),
    ...strictTools(request),
    ...detailsWithoutEffect(request),
  ]);
}

function toLogprobs({ logprobs, top_logprobs: top }: ChatCompletionRequest): number | undefined {
  if (logprobs === true) return top ?? 0;
  if (top !== undefined && top !== null) throw invalidField("top_logprobs", "needs logprobs to be true");
  return undefined;
}

function strictTools({ tools }: ChatCompletionRequest): readonly Warning[] {
  const strict = (tools ?? []).findIndex((tool) => tool.function.strict === true);
  return strict === -1 ? [] : [noEffect(`tools.${strict}.function.strict`)];
}
