import { ProviderError, type ProviderErrorCode } from "@llamaduct/core";
import { retryAfterMs } from "@llamaduct/http";

export interface Refusal {
  /** HTTP status; 200 for an error inside an answer. */
  readonly status: number;
  /** The body, or the event. */
  readonly text: string;
  readonly retryAfter?: string | undefined;
}

/** What the upstream's refusal means. Its own words are for logs only: they may repeat the prompt or the key. */
export function toError({ status, text, retryAfter }: Refusal): ProviderError {
  const [code, message] = meaning(status, text);
  return new ProviderError({
    code,
    message,
    upstreamStatus: status,
    upstreamMessage: text,
    retryAfterMs: retryAfterMs(retryAfter),
  });
}

function meaning(status: number, text: string): readonly [ProviderErrorCode, string] {
  if (/context.length/i.test(text)) return ["context_length_exceeded", "The prompt is too long for the model."];
  if (/model.{0,99}(not found|not exist)/i.test(text)) return ["model_not_found", "The upstream has no such model."];
  switch (status) {
    case 200:
      return ["upstream_error", "The upstream failed while it answered."];
    case 400:
    case 422:
      return ["invalid_value", "The upstream calls the request invalid."];
    case 401:
    case 403:
      return ["upstream_auth_failed", "The upstream does not accept the key configured for it."];
    case 404:
      return ["upstream_protocol_error", "There is no such API at the base URL."];
    case 429:
      return ["rate_limit_exceeded", "The upstream asks for fewer requests."];
    case 503:
      return ["upstream_busy", "The upstream is busy."];
    default:
      return ["upstream_error", `The upstream failed with status ${status}.`];
  }
}
