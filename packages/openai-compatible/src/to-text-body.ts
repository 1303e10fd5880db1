import { ProviderError, type TextRequest, type Warning } from "@llamaduct/core";
import type { ConvertedRequest } from "./to-chat-body.ts";
import { toRequestFields, toSettingFields } from "./to-request-fields.ts";

/** A request as `POST /completions` takes it. Throws `unsupported`, naming the field, for what that has no place for. */
export function toTextBody(modelId: string, request: TextRequest): ConvertedRequest {
  const { prompt, suffix, system, images = [], settings, reasoning, responseFormat } = request;
  if (system !== undefined) throw unsupported("system", "a system message");
  if (images.length > 0) throw unsupported("images", "images");
  if (responseFormat?.type === "json") throw unsupported("responseFormat", "a response format");
  const warnings: Warning[] = [];
  if (reasoning !== undefined && reasoning !== false && reasoning !== "none")
    warnings.push({ setting: "reasoning", message: "A text completion takes no level of reasoning." });
  return toRequestFields(request, {
    own: {
      model: modelId,
      prompt,
      suffix,
      ...toSettingFields(settings),
      logprobs: settings?.logprobs,
      stream: true,
      stream_options: { include_usage: true },
    },
    warnings,
  });
}

function unsupported(setting: string, what: string): ProviderError {
  const message = `A text completion of an OpenAI-compatible server has no place for ${what}.`;
  return new ProviderError({ code: "unsupported", message, setting });
}
