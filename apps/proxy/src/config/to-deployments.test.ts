import { describe, expect, it } from "vitest";
import type { LitellmParams } from "./config-schema.ts";
import { toDeployments } from "./to-deployments.ts";

const where = (keys: readonly PropertyKey[]) => `at ${keys.join(".")}`;
const context = { providerIds: ["ollama_chat", "other"], where };
const convert = (...params: LitellmParams[]) =>
  toDeployments(
    params.map((litellm_params, index) => ({ model_name: `m${index}`, litellm_params })),
    context,
  );

describe("toDeployments", () => {
  it("makes settings, a deadline and defaults of the parameters", () => {
    const { deployments, warnings } = convert({
      model: "ollama_chat/llama3.2",
      api_base: "http://gpu:11434",
      api_key: "key",
      headers: { a: "1" },
      extra_headers: { b: "2" },
      timeout: 30,
      temperature: 0,
      num_ctx: 8192,
      stop: null,
    });
    expect(deployments).toEqual([
      {
        name: "m0",
        model: "ollama_chat/llama3.2",
        settings: { baseURL: "http://gpu:11434", apiKey: "key", headers: { a: "1", b: "2" } },
        defaults: { temperature: 0 },
        pinned: { num_ctx: 8192 },
        timeoutMs: 30_000,
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it("adds nothing that the file does not say", () => {
    expect(convert({ model: "other/x" }).deployments).toEqual([
      { name: "m0", model: "other/x", settings: {}, defaults: {} },
    ]);
  });

  it("puts custom_llm_provider in front", () => {
    const { deployments } = convert({ model: "acme/x", custom_llm_provider: "ollama_chat" });
    expect(deployments[0]?.model).toBe("ollama_chat/acme/x");
  });

  it.each(["openai/gpt-4o", "ollama_chat", "ollama_chat/", "llama3.2", "ollama/x"])(
    "skips %s with a warning",
    (model) => {
      const { deployments, warnings } = convert({ model }, { model: "ollama_chat/kept" });
      expect(deployments.map((deployment) => deployment.model)).toEqual(["ollama_chat/kept"]);
      expect(warnings).toEqual([
        `at model_list.0.litellm_params.model: "m0" is skipped, since "${model}" is none of ollama_chat/…, other/….`,
      ]);
    },
  );

  it("warns of the router's parameters, and does not send them upstream", () => {
    const { deployments, warnings } = convert({ model: "ollama_chat/x", rpm: 6, weight: null, num_retries: 2 });
    expect(deployments[0]?.defaults).toEqual({});
    expect(warnings).toEqual([
      "at model_list.0.litellm_params.rpm has no effect yet.",
      "at model_list.0.litellm_params.num_retries has no effect yet.",
    ]);
  });

  it("takes the operator's word for what a model can do", () => {
    const entry = { model_name: "m", litellm_params: { model: "ollama_chat/x" } };
    const facts = (model_info: object) => toDeployments([{ ...entry, model_info }], context).deployments[0]?.facts;
    expect(
      facts({ supports_function_calling: false, supports_vision: true, max_input_tokens: 4096, mode: "chat" }),
    ).toEqual({
      capabilities: { tools: "none", images: "native" },
      contextLength: 4096,
    });
    expect(facts({ id: "x" })).toEqual({ capabilities: {} });
  });
});
