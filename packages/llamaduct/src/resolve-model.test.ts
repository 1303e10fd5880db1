import { createRegistry, type Provider, type ProviderFactory } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import type { Deployment } from "./deployment.ts";
import { resolveModel } from "./resolve-model.ts";

const factory = (id: string): ProviderFactory => ({
  specVersion: 1,
  id,
  create: (): Provider => ({ specVersion: 1, id, settings: [] }),
});
const registry = createRegistry([factory("ollama_chat"), factory("other")]);

function resolve(requested: string, ...deployments: readonly Deployment[]): readonly string[] {
  const targets = resolveModel(requested, deployments, registry);
  return targets.map(({ providerId, modelId, deployment }) => `${deployment.name} -> ${providerId}/${modelId}`);
}
const to = (name: string, model: string): Deployment => ({ name, model });

describe("resolveModel", () => {
  it("prefers the exact name; equal names are a group, in order", () => {
    const [a, b, star] = [to("m", "ollama_chat/a"), to("m", "other/b"), to("*", "ollama_chat/*")];
    expect(resolve("m", star, a, b)).toEqual(["m -> ollama_chat/a", "m -> other/b"]);
  });

  it.each([
    ["llama3:8b", "* -> ollama_chat/llama3:8b"],
    ["ollama_chat/llama3:8b", "* -> ollama_chat/llama3:8b"],
    ["other/llama3", "* -> ollama_chat/llama3"],
    ["hf.co/org/repo:Q4", "* -> ollama_chat/hf.co/org/repo:Q4"],
    ["ollama_chat/acme/x", "* -> ollama_chat/acme/x"],
  ])("strips a known prefix, and only that, before a wildcard takes %s", (requested, target) => {
    expect(resolve(requested, to("*", "ollama_chat/*"))).toEqual([target]);
  });

  it("prefers the more specific wildcard", () => {
    const all = [to("*", "ollama_chat/*"), to("fast-*", "other/*-q4"), to("fast-*", "ollama_chat/*")];
    expect(resolve("fast-llama", ...all)).toEqual(["fast-* -> other/llama-q4", "fast-* -> ollama_chat/llama"]);
    expect(resolve("fast-", ...all)).toEqual(["* -> ollama_chat/fast-"]);
  });

  it("knows a deployment by its model too, after all names: what LiteLLM's examples ask for", () => {
    const fim = to("fim", "ollama_chat/codellama");
    expect(resolve("ollama_chat/codellama", fim)).toEqual(["fim -> ollama_chat/codellama"]);
    expect(resolve("ollama_chat/codellama", fim, to("ollama_chat/*", "other/*"))).toEqual([
      "ollama_chat/* -> other/codellama",
    ]);
  });

  it("lets a wildcard lead to one fixed model", () => {
    expect(resolve("gpt-4o", to("gpt-*", "ollama_chat/llama3"))).toEqual(["gpt-* -> ollama_chat/llama3"]);
  });

  it("takes `$&` in a name for what it is", () => {
    expect(resolve("a$&b", to("*", "ollama_chat/*"))).toEqual(["* -> ollama_chat/a$&b"]);
  });

  it("names near misses, not wildcards and not everything", () => {
    const deployments = [to("llama3.2", "ollama_chat/a"), to("mistral", "ollama_chat/b"), to("x-*", "ollama_chat/*")];
    expect(() => resolve("lama3.2", ...deployments)).toThrow(
      expect.objectContaining({
        code: "model_not_found",
        setting: "model",
        message: 'There is no model "lama3.2" here. Did you mean "llama3.2"?',
      }),
    );
    expect(() => resolve("gpt-4o", ...deployments)).toThrow('There is no model "gpt-4o" here.');
  });
});
