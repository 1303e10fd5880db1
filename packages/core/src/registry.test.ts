import { describe, expect, it } from "vitest";
import { play, providerOf } from "../test/streams.ts";
import { createRegistry } from "./registry.ts";
import type { Provider, ProviderFactory, ProviderSettings } from "./spec.ts";

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
    ['Two provider packages have the id "a" (provider.factory)', () => createRegistry([factory("a"), factory("a")])],
    ['"A" is no provider id', () => createRegistry([factory("A")])],
    [
      "is written for spec 2, this is spec 1 (provider.factory). Upgrade @llamaduct/core",
      // A package built against a later core says so; the type of this one does not know it.
      () => createRegistry([{ ...factory("a"), specVersion: 2 as 1 }]),
    ],
    ["Upgrade that provider's package", () => createRegistry([{ ...factory("a"), specVersion: 0 as unknown as 1 }])],
    ['No provider "b". Registered: a.', () => createRegistry([factory("a")]).provider("b")],
    [
      'Provider "a" asked for a sibling inside create()',
      () =>
        createRegistry([
          factory("a", (_, sibling) => sibling("a") ?? { ...providerOf(() => play([])), id: "a" }),
        ]).provider("a"),
    ],
  ])("throws at once: %s", (message, act) => {
    expect(act).toThrow(message);
  });
});
