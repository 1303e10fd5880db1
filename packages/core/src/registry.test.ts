import { describe, expect, it } from "vitest";
import { play, providerOf } from "../test/streams.ts";
import { ProviderError } from "./provider-error.ts";
import { createRegistry } from "./registry.ts";
import type { Provider, ProviderFactory, ProviderSettings } from "./spec.ts";

const NEEDS = "needs create() and an id that matches ^[a-z][a-z0-9_-]*$";

function factory(id: string, create?: ProviderFactory["create"]): ProviderFactory {
  return { specVersion: 1, id, create: create ?? (() => ({ ...providerOf(() => play([])), id })) };
}

describe("createRegistry", () => {
  it("splits at the first slash only, and only at a known prefix", () => {
    const registry = createRegistry([factory("a")]);
    expect(registry.split("a/org/model:7b")).toEqual({ providerId: "a", modelId: "org/model:7b" });
    expect(registry.split("b/model")).toBeUndefined();
    expect(registry.split("model")).toBeUndefined();
    expect(registry.split("a/")).toBeUndefined();
  });

  it("keeps one instance per settings, whatever their key order", () => {
    const made: ProviderSettings[] = [];
    const registry = createRegistry([
      factory("a", (settings) => {
        made.push(settings);
        return { ...providerOf(() => play([])), id: "a" };
      }),
    ]);
    const first = registry.provider("a", { baseURL: "http://x", apiKey: "k" });
    expect(registry.provider("a", { apiKey: "k", baseURL: "http://x" })).toBe(first);
    expect(registry.provider("a", { baseURL: "http://y" })).not.toBe(first);
    expect(made).toHaveLength(2);
  });

  it("gives a sibling with the same settings, asked for later; unknown ones are undefined", () => {
    let sibling: ((id: string) => Provider | undefined) | undefined;
    const registry = createRegistry([
      factory("a", (_, other) => {
        sibling = other;
        return { ...providerOf(() => play([])), id: "a" };
      }),
      factory("b"),
    ]);
    registry.provider("a", { baseURL: "http://x" });
    expect(sibling?.("b")).toBe(registry.provider("b", { baseURL: "http://x" }));
    expect(sibling?.("c")).toBeUndefined();
  });

  it("bounds its instances: per-call hosts cannot fill the memory", () => {
    const registry = createRegistry([factory("a")]);
    const first = registry.provider("a", { baseURL: "http://0" });
    for (let port = 1; port <= 256; port++) registry.provider("a", { baseURL: `http://${port}` });
    expect(registry.provider("a", { baseURL: "http://0" })).not.toBe(first);
  });

  it.each<[string, () => unknown]>([
    ["Provider a is there twice (provider.factory).", () => createRegistry([factory("a"), factory("a")])],
    [`Provider A ${NEEDS} (provider.factory).`, () => createRegistry([factory("A")])],
    [
      "Provider a is written for spec 2, this is spec 1: upgrade @llamaduct/core (provider.factory).",
      // A package built against a later core says so; the type of this one does not know it.
      () => createRegistry([{ ...factory("a"), specVersion: 2 as 1 }]),
    ],
    [
      "Provider a is written for spec 0, this is spec 1: upgrade its package (provider.factory).",
      () => createRegistry([{ ...factory("a"), specVersion: 0 as unknown as 1 }]),
    ],
    ['No provider "b". Registered: a.', () => createRegistry([factory("a")]).provider("b")],
    [
      "The adapter of a asked for a sibling inside create().",
      () =>
        createRegistry([
          factory("a", (_, sibling) => sibling("a") ?? { ...providerOf(() => play([])), id: "a" }),
        ]).provider("a"),
    ],
  ])("throws at once: %s", (message, act) => {
    expect(act).toThrow(expect.objectContaining({ message }));
  });

  it.each<[string, unknown, number | string]>([
    ["nothing", undefined, 2],
    ["null", null, 2],
    ["the name of a package", "llamaduct-provider-acme", 2],
    ["a promise of one", Promise.resolve(factory("acme")), 2],
    ["the function that makes its providers", factory("acme").create, 2],
    ["a module in place of what it exports", { provider: factory("acme") }, 2],
    ["a provider in place of a factory", { ...providerOf(() => play([])), id: "acme" }, "acme"],
    ["a factory without create()", { specVersion: 1, id: "acme" }, "acme"],
    ["a factory without an id", { specVersion: 1, create: factory("acme").create }, 2],
    ["a factory whose id is no text", { ...factory("acme"), id: 7 }, 7],
    ["a factory whose id is empty", factory(""), 2],
  ])("says which one is no factory: %s", (_, given, name) => {
    expect(() => createRegistry([factory("a"), given as ProviderFactory])).toThrow(
      new Error(`Provider ${name} ${NEEDS} (provider.factory).`),
    );
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["a promise of it", Promise.resolve({ ...providerOf(() => play([])), id: "a" })],
    ["another's", providerOf(() => play([]))],
  ])("blames a factory that makes no provider of its id: %s", (_, made) => {
    expect(() => createRegistry([factory("a", () => made as Provider)]).provider("a")).toThrow(
      expect.objectContaining({
        code: "provider_error",
        provider: "a",
        message: "The adapter of a made no provider of that id (provider.factory).",
      }),
    );
  });

  it("a refusal of settings learns whose it is; anything else that create() throws is the adapter's fault", () => {
    const refusal = new ProviderError({ code: "invalid_value", message: "No such option.", setting: "options.x" });
    const refusing = createRegistry([
      factory("a", () => {
        throw refusal;
      }),
    ]);
    expect(() => refusing.provider("a")).toThrow(refusal);
    expect(refusal.provider).toBe("a");
    const cause = new TypeError("oops");
    const failing = createRegistry([
      factory("b", () => {
        throw cause;
      }),
    ]);
    expect(() => failing.provider("b")).toThrow(
      expect.objectContaining({
        code: "provider_error",
        provider: "b",
        cause,
        message: "The adapter of b threw something that is not a ProviderError (errors.provider-error).",
      }),
    );
  });
});
