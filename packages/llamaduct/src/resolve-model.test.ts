import { createRegistry, type Provider, type ProviderFactory } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import type { Deployment } from "./deployment.ts";
import { createModelResolver, type ModelResolverOptions } from "./resolve-model.ts";

const factory = (id: string): ProviderFactory => ({
  specVersion: 1,
  id,
  create: (): Provider => ({ specVersion: 1, id, settings: [] }),
});
const registry = createRegistry([factory("ollama_chat"), factory("other")]);

type Options = Partial<ModelResolverOptions>;

function ask(requested: string, options: Options): { readonly group: string; readonly targets: readonly string[] } {
  const { group, targets } = createModelResolver({ deployments: [], registry, ...options })(requested);
  const shown = targets.map(({ providerId, modelId, deployment }) => `${deployment.name} -> ${providerId}/${modelId}`);
  return { group, targets: shown };
}
const resolve = (requested: string, ...deployments: readonly Deployment[]) => ask(requested, { deployments }).targets;
const to = (name: string, model: string, id?: string): Deployment => ({ name, model, id });

describe("createModelResolver", () => {
  it("prefers the exact name; equal names are a group, in order", () => {
    const [a, b, star] = [to("m", "ollama_chat/a"), to("m", "other/b"), to("*", "ollama_chat/*")];
    expect(ask("m", { deployments: [star, a, b] })).toEqual({
      group: "m",
      targets: ["m -> ollama_chat/a", "m -> other/b"],
    });
  });

  it("goes by alias, exact name, id, wildcard, and last by the model behind a name", () => {
    const deployments = [to("named", "ollama_chat/a", "x"), to("w-*", "other/*"), to("w-id", "ollama_chat/b", "w-1")];
    const aliases = { "w-alias": { model: "named" }, named2: { model: "w-alias" } };
    const found = (requested: string) => ask(requested, { deployments, aliases });
    expect(found("w-alias")).toEqual({ group: "named", targets: ["named -> ollama_chat/a"] });
    expect(found("named2")).toEqual({ group: "named", targets: ["named -> ollama_chat/a"] });
    expect(found("w-id")).toEqual({ group: "w-id", targets: ["w-id -> ollama_chat/b"] });
    expect(found("w-1")).toEqual({ group: "w-id", targets: ["w-id -> ollama_chat/b"] });
    expect(found("w-other")).toEqual({ group: "w-other", targets: ["w-* -> other/other"] });
    expect(found("ollama_chat/a")).toEqual({ group: "named", targets: ["named -> ollama_chat/a"] });
  });

  it("lets an alias hide a name, as LiteLLM does", () => {
    const deployments = [to("old", "other/old"), to("new", "other/new")];
    expect(ask("old", { deployments, aliases: { old: { model: "new" } } }).targets).toEqual(["new -> other/new"]);
  });

  it("refuses aliases that go in a circle", () => {
    const aliases = { a: { model: "b" }, b: { model: "c" }, c: { model: "b" } };
    expect(() => createModelResolver({ deployments: [], aliases, registry })).toThrow(
      "The aliases a → b → c → b lead nowhere.",
    );
  });

  it.each([
    ["llama3:8b", "* -> ollama_chat/llama3:8b"],
    ["ollama_chat/llama3:8b", "* -> ollama_chat/llama3:8b"],
    ["other/llama3", "* -> ollama_chat/llama3"],
    ["hf.co/org/repo:Q4", "* -> ollama_chat/hf.co/org/repo:Q4"],
    ["ollama_chat/acme/x", "* -> ollama_chat/acme/x"],
    ["ollama_chat/hf.co/org/repo:Q4_K_M", "* -> ollama_chat/hf.co/org/repo:Q4_K_M"],
  ])("strips a known prefix, and only that, before a wildcard takes %s", (requested, target) => {
    expect(resolve(requested, to("*", "ollama_chat/*"))).toEqual([target]);
  });

  it("takes what follows a pattern's own prefix as it is", () => {
    expect(resolve("ollama_chat/other/x", to("ollama_chat/*", "ollama_chat/*"))).toEqual([
      "ollama_chat/* -> ollama_chat/other/x",
    ]);
  });

  it.each([
    // [name, model, asked for, target]
    ["fo::*:static::*", "other/fo::*:static::*", "fo::a:static::b", "other/fo::a:static::b"],
    ["*-on-*", "other/*/*", "llama3-on-gpu-on-1", "other/llama3-on-gpu/1"],
    ["*meta.llama3*", "other/*|*", "meta.llama3-70b", "other/|-70b"],
    ["*a*", "other/*", "xay", "other/xay"],
    ["*a*", "other/*", "ollama_chat/xay", "other/xay"],
    ["a*", "other/*:*", "ab", "other/b:*"],
    ["plain", "other/*", "plain", "other/plain"],
  ])("fills %s → %s", (name, model, requested, target) => {
    expect(resolve(requested, to(name, model))).toEqual([`${name} -> ${target}`]);
  });

  it.each([
    ["fo::*:static::*", "fo::a:static:b"],
    ["ab*ba", "aba"],
    ["a*b*c", "acb"],
    ["*-latest", "x-latest-y"],
    ["a*bb*b", "abb"],
  ])("%s does not match %s", (name, requested) => {
    expect(() => resolve(requested, to(name, "other/fixed"))).toThrow("There is no model");
  });

  it("prefers the more specific wildcard", () => {
    const all = [to("*", "ollama_chat/*"), to("fast-*", "other/*-q4"), to("fast-*", "ollama_chat/*")];
    expect(resolve("fast-llama", ...all)).toEqual(["fast-* -> other/llama-q4", "fast-* -> ollama_chat/llama"]);
    expect(resolve("fast-", ...all)).toEqual(["* -> ollama_chat/fast-"]);
  });

  it.each([
    // The longer regular expression wins: `.` and `-` count twice there, each `*` four times.
    [["abc*", "a.*"], "a.c", "a.*"],
    [["aab*", "a.*"], "a.b", "a.*"],
    [["aaaa*", "a*a*"], "aaaaa", "a*a*"],
    [["*a*", "aaaaaaaa*"], "aaaaaaaaa", "aaaaaaaa*"],
    // As long: the one with more special characters.
    [["aaa*", "a.*"], "aaab", "aaa*"],
    [["xyzq*", "x*z*"], "xyzqz", "x*z*"],
    // As specific: the first.
    [["ab*", "*ab"], "abab", "ab*"],
    [["*ab", "ab*"], "abab", "*ab"],
  ])("of %j, %s goes to %s", (names, requested, name) => {
    expect(resolve(requested, ...names.map((each) => to(each, "other/x")))).toEqual([`${name} -> other/x`]);
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

  it("does not fill a wildcard from a deployment's id", () => {
    expect(() => resolve("host-1", to("x-*", "other/*", "host-1"))).toThrow('There is no model "host-1" here.');
  });

  it.each(["constructor", "__proto__", "toString"])("knows no model %s", (requested) => {
    expect(() => resolve(requested, to("m", "other/m"))).toThrow("There is no model");
  });

  it("takes long names and patterns of many wildcards in its stride", () => {
    const requested = "a".repeat(100_000);
    const name = `${"*a".repeat(20)}*b`;
    // As a regular expression it would take longer than anyone waits.
    expect(() => resolve(requested, to(name, "other/x"))).toThrow("There is no model");
  });
});
