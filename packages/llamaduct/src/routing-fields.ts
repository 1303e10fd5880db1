/** What LiteLLM has and we have not. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set(["cache", "caching", "guardrails", "priority"]);

/** Fields of a request that say how it is routed, which no upstream is to see. */
export const TAKEN: ReadonlySet<string> = new Set([
  ...WITHOUT_EFFECT,
  "disable_fallbacks",
  "fallbacks",
  "litellm_metadata",
  "mock_response",
  "mock_testing_content_policy_fallbacks",
  "mock_testing_context_fallbacks",
  "mock_testing_fallbacks",
  "mock_testing_rate_limit_error",
  "mock_timeout",
  "models",
  "num_retries",
  "stream_timeout",
  "tags",
  "timeout",
]);

/** Whether there is anything to split off; `metadata` stays in the request, and may say something too. */
export function saysHowToRoute(request: object): boolean {
  return Object.keys(request).some((name) => TAKEN.has(name) || name === "metadata");
}
