import type { Timings, Usage } from "@llamaduct/core";
import type { WireTimings, WireUsage } from "./wire.ts";

/** What the server did not count is `undefined`. */
export function toUsage(usage: WireUsage | null | undefined): Usage {
  const cachedInputTokens = usage?.prompt_tokens_details?.cached_tokens ?? undefined;
  const reasoningTokens = usage?.completion_tokens_details?.reasoning_tokens ?? undefined;
  return {
    inputTokens: usage?.prompt_tokens ?? undefined,
    outputTokens: usage?.completion_tokens ?? undefined,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  };
}

export function toTimings(timings: WireTimings | undefined): Timings | undefined {
  return timings && { inputMs: timings.prompt_ms ?? undefined, outputMs: timings.predicted_ms ?? undefined };
}
