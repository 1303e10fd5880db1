import { describe, expect, it } from "vitest";
import { toServer } from "./to-server.ts";

describe("toServer", () => {
  it("adds nothing that nobody says", () => expect(toServer({}, {})).toEqual({}));

  it("has all of general_settings", () => {
    const general_settings = {
      master_key: "sk-1",
      dangerously_permit_weak_or_unset_master_key: true,
      completion_model: "c",
      embedding_model: "e",
      max_parallel_requests: 1,
      global_max_parallel_requests: 2,
      max_in_flight_requests_per_worker: 3,
      max_request_size_mb: 0.5,
      litellm_key_header_name: "X-Key",
      allowed_ips: ["10.0.0.1"],
      use_x_forwarded_for: true,
      forward_client_headers_to_llm_api: true,
      user_header_name: "X-User",
      user_header_mappings: [{ header_name: "X-OpenWebUI-User-Email" }],
      always_include_stream_usage: true,
    };
    expect(toServer({ general_settings }, { LITELLM_MASTER_KEY: "sk-2" })).toEqual({
      masterKey: "sk-1",
      weakKeyAllowed: true,
      completionModel: "c",
      embeddingModel: "e",
      maxParallelRequests: 1,
      globalMaxParallelRequests: 2,
      maxInFlight: 3,
      maxRequestBytes: 512 * 1024,
      keyHeader: "x-key",
      allowedIps: ["10.0.0.1"],
      trustForwardedFor: true,
      forwardClientHeaders: true,
      userHeaders: ["x-openwebui-user-email", "x-user"],
      alwaysIncludeStreamUsage: true,
    });
    expect(toServer({}, { LITELLM_MASTER_KEY: "sk-2" }).masterKey).toBe("sk-2");
    const inFlight = { general_settings: { max_in_flight_requests_per_worker: 3 } };
    expect(toServer(inFlight, {})).toEqual({ maxInFlight: 3 });
    const overload = { event_loop_delay: 0.5, memory: 0.9 };
    expect(toServer({ llamaduct: { overload } }, {}).overload).toEqual({ delayMs: 500, memory: 0.9 });
    const single = { general_settings: { user_header_mappings: { header_name: "X-A" } } };
    expect(toServer(single, {}).userHeaders).toEqual(["x-a"]);
  });

  it("has the limits that are said", () => {
    const limits = {
      json_depth: 1,
      json_elements: 2,
      messages: 3,
      tools: 4,
      headers: 5,
      header_kb: 6,
      header_time: 7,
      request_time: 8,
      idle_time: 9,
      stall_time: 10,
      connections: 11,
      schema_depth: 12,
      schema_values: 13,
      schema_kb: 14,
    };
    expect(toServer({ llamaduct: { limits }, general_settings: { max_response_size_mb: 0.5 } }, {}).limits).toEqual({
      jsonDepth: 1,
      jsonElements: 2,
      messages: 3,
      tools: 4,
      headers: 5,
      headerBytes: 6 * 1024,
      headersMs: 7000,
      requestMs: 8000,
      idleMs: 9000,
      stallMs: 10_000,
      connections: 11,
      schemaDepth: 12,
      schemaValues: 13,
      schemaCharacters: 14 * 1024,
      responseBytes: 512 * 1024,
    });
  });

  it("keeps hashes of keys, as LiteLLM makes them", () => {
    const sha256 = "A".repeat(64);
    const keys = [
      { name: "a", key: "sk-1234", models: ["m"], expires: "2027-01-01", rpm: 1, tpm: 2, max_parallel_requests: 3 },
      { name: "b", sha256 },
    ];
    expect(toServer({ llamaduct: { keys } }, {}).keys).toEqual([
      {
        name: "a",
        // litellm.proxy._types.hash_token("sk-1234")
        sha256: "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
        models: ["m"],
        expiresAt: Date.UTC(2027, 0, 1),
        rpm: 1,
        tpm: 2,
        maxParallelRequests: 3,
      },
      { name: "b", sha256: sha256.toLowerCase() },
    ]);
  });

  const cached = (cache_params: object, cache = true) => ({ litellm_settings: { cache, cache_params } });
  const environment = { REDIS_HOST: "env", REDIS_PORT: "1", REDIS_PASSWORD: "p" };
  it.each([
    [
      "a URL",
      { router_settings: { redis_url: "rediss://h:1/2", redis_password: "p" } },
      { url: "rediss://h:1/2", password: "p" },
    ],
    ["a host", { router_settings: { redis_host: "h" } }, { url: "redis://h:6379" }],
    [
      "a port and a database",
      { router_settings: { redis_host: "::1", redis_port: 1, redis_db: 2 } },
      { url: "redis://[::1]:1/2" },
    ],
    ["the cache's", cached({ type: "redis", host: "h", port: 2 }), { url: "redis://h:2", password: "p" }],
    [
      "with TLS, a user and a namespace",
      cached({ type: "redis", host: "h", port: 2, ssl: true, username: "a@b", namespace: "n" }),
      { url: "rediss://a%40b@h:2", password: "p", namespace: "n" },
    ],
    ["the environment's", cached({ type: "redis" }), { url: "redis://env:1", password: "p" }],
    [
      "the router's before the cache's",
      { ...cached({ type: "redis" }), router_settings: { redis_host: "h" } },
      { url: "redis://h:6379" },
    ],
    ["none for another cache", cached({ type: "local" }), undefined],
    ["none for a cache that is off", cached({ type: "redis" }, false), undefined],
    ["none at all", {}, undefined],
  ])("finds Redis: %s", (_, config, redis) => {
    expect(toServer(config, environment).redis).toEqual(redis);
  });
});
