import { createRegistry, type Provider } from "@llamaduct/core";
import type { Deployment } from "llamaduct";
import { describe, expect, it } from "vitest";
import type { Config } from "./schema/config-schema.ts";
import type { LitellmParams, ModelEntry, ModelInfoEntry } from "./schema/model-list-schema.ts";
import { toDeployments } from "./to-deployments.ts";

const ids = ["ollama_chat", "ollama"];
const registry = createRegistry(
  ids.map((id) => ({ specVersion: 1, id, create: (): Provider => ({ specVersion: 1, id, settings: [] }) })),
);

function convert(config: Config, environment: Record<string, string> = {}): readonly Deployment[] {
  return toDeployments(config, { registry, environment }).deployments;
}
const entry = (params: object = {}, info?: ModelInfoEntry): ModelEntry => ({
  model_name: "m",
  litellm_params: { model: "ollama_chat/x", ...params },
  model_info: info,
});
const one = (params: object = {}, info?: ModelInfoEntry, config: Config = {}) =>
  convert({ ...config, model_list: [entry(params, info)] })[0];

describe("toDeployments", () => {
  it("adds nothing that the file does not say", () => {
    expect(one()).toEqual({ name: "m", model: "ollama_chat/x", settings: {}, defaults: {} });
  });

  it("tells what reaches a host from what it is asked", () => {
    const params: Omit<LitellmParams, "model"> = {
      api_base: "http://gpu:11434",
      api_key: "key",
      headers: { a: "1", b: "1" },
      extra_headers: { b: "2" },
      timeout: 30,
      stream_timeout: 5,
      temperature: 0,
      num_ctx: 8192,
      keep_alive: "8m",
      max_retries: 3,
      additional_drop_params: ["seed"],
      mock_response: "hello",
      silent_model: "other",
    };
    expect(one(params)).toEqual({
      name: "m",
      model: "ollama_chat/x",
      settings: { baseURL: "http://gpu:11434", apiKey: "key", headers: { a: "1", b: "2" } },
      defaults: { temperature: 0, keep_alive: "8m" },
      pinned: { num_ctx: 8192 },
      timeoutMs: 30_000,
      streamTimeoutMs: 5_000,
      dropParams: ["seed"],
      mockResponse: "hello",
      silentModel: "other",
    });
  });

  it("tells what requests may say of where they go", () => {
    const connectionOf = (...names: readonly unknown[]) =>
      one({ configurable_clientside_auth_params: names })?.clientConnection;
    expect(connectionOf("api_key", { api_base: "https://a/.*" })).toEqual({ apiKey: true, apiBase: "https://a/.*" });
    expect(connectionOf("api_base")).toEqual({ apiBase: true });
  });

  it("has how requests come here: parameters, what stands beside them, and model_info over both", () => {
    const params = {
      weight: 2,
      rpm: 10,
      order: 1,
      max_parallel_requests: 4,
      num_retries: 0,
      cooldown_time: 9,
      allowed_fails: 9,
      allowed_fails_policy: { TimeoutErrorAllowedFails: 9 },
      tags: ["a"],
      tag_regex: ["^x"],
    };
    const info = {
      cooldown_time: 0,
      allowed_fails: 1,
      allowed_fails_policy: { RateLimitErrorAllowedFails: 2, ContentPolicyViolationErrorAllowedFails: 3 },
    };
    const [deployment] = convert({ model_list: [{ ...entry(params, info), rpm: 1, tpm: 1000 }] });
    expect(deployment?.routing).toEqual({
      weight: 2,
      rpm: 10,
      tpm: 1000,
      order: 1,
      maxParallelRequests: 4,
      retries: 0,
      cooldownMs: 0,
      allowedFails: 1,
      allowedFailsPolicy: { RateLimit: 2 },
      tags: ["a"],
      tagPatterns: ["^x"],
    });
    expect(deployment).not.toHaveProperty("info");
    expect(one(params)?.routing).toMatchObject({ cooldownMs: 9000, allowedFailsPolicy: { Timeout: 9 } });
  });

  it("takes the operator's word for what a model can do, and tells the rest", () => {
    const info = {
      id: "7",
      supports_function_calling: false,
      supports_response_schema: true,
      supports_vision: true,
      max_input_tokens: 4096,
      mode: "chat",
      note: { ours: 1 },
      blocked: false,
    };
    const { id, facts, info: told } = one({}, info) ?? {};
    expect(id).toBe("7");
    expect(facts).toEqual({
      capabilities: { tools: "none", jsonSchema: "native", images: "native" },
      contextLength: 4096,
    });
    expect(told).toEqual({
      supports_function_calling: false,
      supports_response_schema: true,
      supports_vision: true,
      max_input_tokens: 4096,
      mode: "chat",
      note: { ours: 1 },
    });
    expect(one({}, { id: "x" })).not.toHaveProperty("facts");
    expect(one({ input_cost_per_second: 0.1 }, { mode: "chat" })).toMatchObject({
      defaults: {},
      info: { input_cost_per_second: 0.1, mode: "chat" },
    });
  });

  it("puts defaults of the router and credentials under parameters, in this order", () => {
    const config: Config = {
      router_settings: { default_litellm_params: { api_base: "r", api_key: "r", seed: 1, top_p: 1 } },
      credential_list: [{ credential_name: "c", credential_values: { api_base: "c", api_key: "c", seed: 2 } }],
    };
    expect(one({ litellm_credential_name: "c", api_key: "own" }, undefined, config)).toMatchObject({
      settings: { baseURL: "c", apiKey: "own" },
      defaults: { seed: 2, top_p: 1 },
    });
  });

  it.each([
    [{}, {}, undefined],
    [{ litellm_settings: { request_timeout: 1 } }, {}, 1000],
    [{ litellm_settings: { request_timeout: 1 }, router_settings: { timeout: 2 } }, {}, 2000],
    [{ router_settings: { timeout: 2 } }, { timeout: 3 }, 3000],
  ])("has the time limit of the nearest place: %j %j", (config, params, timeoutMs) => {
    expect(one(params, undefined, config)?.timeoutMs).toBe(timeoutMs);
  });

  it.each([
    [{}, {}, {}],
    [{ litellm_settings: { drop_params: true } }, {}, {}],
    [{ litellm_settings: { drop_params: false } }, {}, { drop_params: false }],
    [{ litellm_settings: { drop_params: false } }, { drop_params: true }, {}],
    [{ litellm_settings: { drop_params: true } }, { drop_params: false }, { drop_params: false }],
  ])("is strict where a file says so: %j %j", (config, params, defaults) => {
    expect(one(params, undefined, config)?.defaults).toEqual(defaults);
  });

  it("reads what the environment says of all", () => {
    const environment = { REQUEST_TIMEOUT: "9", LITELLM_DROP_PARAMS: "False" };
    expect(convert({ model_list: [entry()] }, environment)[0]).toMatchObject({
      timeoutMs: 9000,
      defaults: { drop_params: false },
    });
  });

  it.each([
    ["acme/x", "ollama_chat/acme/x"],
    ["ollama_chat/x", "ollama_chat/x"],
  ])("puts custom_llm_provider before %s once", (model, reference) => {
    expect(one({ model, custom_llm_provider: "ollama_chat" })?.model).toBe(reference);
  });

  it("makes a deployment for each organization", () => {
    const made = convert({ model_list: [entry({ organization: ["a", "b"], headers: { x: "1" } }, { id: "i" })] });
    expect(made.map(({ id, settings }) => [id, settings?.headers])).toEqual([
      ["i", { "openai-organization": "a", x: "1" }],
      ["i-2", { "openai-organization": "b", x: "1" }],
    ]);
    expect(one({ organization: "a" })?.settings?.headers).toEqual({ "openai-organization": "a" });
  });

  it("has every provider answer for `*`, each under its prefix", () => {
    const made = convert({ model_list: [{ ...entry({ model: "*", seed: 1 }), model_name: "team/*" }] });
    expect(made.map(({ name, model, unlisted, defaults }) => [name, model, unlisted, defaults])).toEqual([
      ["team/*", "ollama_chat/*", undefined, { seed: 1 }],
      ["team/ollama_chat/*", "ollama_chat/*", true, { seed: 1 }],
      ["team/ollama/*", "ollama/*", true, { seed: 1 }],
    ]);
  });

  it.each(["openai/gpt-4o", "ollama_chat", "ollama_chat/", "llama3.2", "*"])(
    "keeps the name of %s, unserved",
    (model) => {
      const made = convert({ model_list: [entry({ model })] });
      expect(made).toEqual([{ name: "m", model: `unavailable/${model}`, unlisted: true }]);
    },
  );

  it.each([
    [{ supported_environments: ["production"] }, "production", 1],
    [{ supported_environments: ["production"] }, "staging", 0],
    [{ supported_environments: ["production"] }, "", 0],
    [{ blocked: true }, "production", 0],
    [{ blocked: false }, "production", 1],
  ])("serves %j in %j: %i", (info, here, count) => {
    expect(convert({ model_list: [entry({}, info)] }, { LITELLM_ENVIRONMENT: here })).toHaveLength(count);
  });

  it("serves every model of our hosts, by every name", () => {
    const hosts = ["http://user:secret@gpu:11434/v1", { url: "gpu2", name: "two", api_key: "k", weight: 3 }];
    const made = convert({ llamaduct: { hosts } });
    expect(made.map(({ id, name, model, unlisted }) => [id, name, model, unlisted === true])).toEqual([
      ["gpu:11434", "*", "ollama_chat/*", false],
      ["gpu:11434/ollama_chat", "ollama_chat/*", "ollama_chat/*", true],
      ["gpu:11434/ollama", "ollama/*", "ollama/*", true],
      ["two", "*", "ollama_chat/*", false],
      ["two/ollama_chat", "ollama_chat/*", "ollama_chat/*", true],
      ["two/ollama", "ollama/*", "ollama/*", true],
    ]);
    expect(made[4]).toMatchObject({ settings: { baseURL: "gpu2", apiKey: "k" }, routing: { weight: 3, pool: "two" } });
  });
});
