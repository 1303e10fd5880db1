import { describe, expect, it } from "vitest";
import { toRouting } from "./to-routing.ts";

describe("toRouting", () => {
  it("adds nothing that nobody says", () => expect(toRouting({}, {})).toEqual({}));

  it("has all of router_settings", () => {
    const router_settings = {
      routing_strategy: "latency-based-routing",
      routing_strategy_args: { ttl: 10, lowest_latency_buffer: 0.5, max_latency_list_size: 3 },
      num_retries: 0,
      retry_after: 2,
      retry_policy: { TimeoutErrorRetries: 3, DefaultRetries: 1, ContentPolicyViolationErrorRetries: 5 },
      model_group_retry_policy: { m: { NotFoundErrorRetries: 0 } },
      fallbacks: [{ a: ["b", { model: "c", temperature: 1 }] }, { a: ["d"] }, { e: ["f"] }],
      default_fallbacks: ["z"],
      context_window_fallbacks: [{ a: ["long"] }],
      max_fallbacks: 2,
      disable_cooldowns: true,
      cooldown_time: 30,
      allowed_fails: 0,
      allowed_fails_policy: { BadGatewayErrorAllowedFails: 2 },
      enable_pre_call_checks: true,
      optional_pre_call_checks: ["session_affinity", "enforce_model_rate_limits"],
      deployment_affinity_ttl_seconds: 60,
      enable_tag_filtering: true,
      tag_filtering_match_any: false,
      default_max_parallel_requests: 4,
      routing_groups: [
        { group_name: "g", models: ["a"], routing_strategy: "cost-based-routing", routing_strategy_args: { ttl: 1 } },
      ],
    } as const;
    const llamaduct = { queue: { length: 0, deadline: 20 }, status_interval: 0 };
    expect(toRouting({ router_settings, llamaduct }, {})).toEqual({
      strategy: "latency-based-routing",
      latency: { windowMs: 10_000, buffer: 0.5, samples: 3 },
      retries: 0,
      retryAfterMs: 2000,
      retryPolicy: { Timeout: 3, Default: 1 },
      groupRetryPolicy: { m: { NotFound: 0 } },
      fallbacks: { a: ["b", "c"], e: ["f"], "*": ["z"] },
      contextWindowFallbacks: { a: ["long"] },
      maxFallbacks: 2,
      cooldowns: false,
      cooldownMs: 30_000,
      allowedFails: 0,
      allowedFailsPolicy: { BadGateway: 2 },
      preCallChecks: true,
      enforceRateLimits: true,
      tags: { enabled: true, matchAny: false },
      maxParallelRequests: 4,
      queue: { length: 0, deadlineMs: 20_000 },
      affinityTtlMs: 60_000,
      routingGroups: [{ name: "g", models: ["a"], strategy: "simple-shuffle", latency: { windowMs: 1000 } }],
      status: { intervalMs: 0 },
    });
  });

  it("has what litellm_settings says where router_settings does not, and the environment last", () => {
    const litellm_settings = { num_retries: 5, cooldown_time: 9, fallbacks: [{ a: ["b"] }], max_fallbacks: 1 };
    const environment = { DEFAULT_MAX_RETRIES: "7", DEFAULT_COOLDOWN_TIME_SECONDS: "8", ROUTER_MAX_FALLBACKS: "3" };
    expect(toRouting({ litellm_settings }, environment)).toEqual({
      retries: 5,
      cooldownMs: 9000,
      fallbacks: { a: ["b"] },
      maxFallbacks: 1,
    });
    const router_settings = { num_retries: 0, cooldown_time: 0, fallbacks: [{ c: ["d"] }] };
    expect(toRouting({ litellm_settings, router_settings }, environment)).toMatchObject({
      retries: 0,
      cooldownMs: 0,
      fallbacks: { c: ["d"] },
    });
    expect(toRouting({}, environment)).toEqual({ retries: 7, cooldownMs: 8000, maxFallbacks: 3 });
  });

  it("prefers a fallback for all groups that stands among the others", () => {
    const router_settings = { fallbacks: [{ "*": ["own"] }], default_fallbacks: ["other"] };
    expect(toRouting({ router_settings }, {}).fallbacks).toEqual({ "*": ["own"] });
  });

  it("prefers our own key's strategy, which LiteLLM does not see", () => {
    const router_settings = { routing_strategy: "least-busy" } as const;
    expect(toRouting({ router_settings, llamaduct: { routing_strategy: "warm-first" } }, {}).strategy).toBe(
      "warm-first",
    );
  });
});
