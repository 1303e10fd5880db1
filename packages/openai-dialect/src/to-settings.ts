import type { Settings } from "@llamaduct/core";
import { present } from "./present.ts";
import type { GenerationParams } from "./request-params.ts";

/** `logprobs`: alternatives per token, which each kind of request says in its own way. */
export function toSettings(request: GenerationParams, logprobs: number | undefined): Settings | undefined {
  const stop = typeof request.stop === "string" ? [request.stop] : (request.stop ?? []);
  const logitBias = request.logit_bias ?? {};
  const settings = present<Settings>({
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    topK: request.top_k,
    minP: request.min_p,
    frequencyPenalty: request.frequency_penalty,
    presencePenalty: request.presence_penalty,
    // Empty ones ask for nothing, and must not replace what a model brings along.
    logitBias: Object.keys(logitBias).length === 0 ? undefined : logitBias,
    seed: request.seed,
    stop: stop.length === 0 ? undefined : stop,
    logprobs,
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}
