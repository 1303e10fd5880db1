import { describe, expect, it } from "vitest";
import { checkGroups } from "./check-groups.ts";
import type { Config } from "./schema/config-schema.ts";

const check = (config: Config, ...names: readonly string[]) =>
  checkGroups(config, names).map(({ keys, message }) => `${keys.join(".")} ${message}`);

describe("checkGroups", () => {
  it("accepts names of models, wildcards, aliases and routing groups", () => {
    const config: Config = {
      litellm_settings: { default_fallbacks: ["a"], model_alias_map: { old: "a" } },
      router_settings: {
        fallbacks: [{ a: ["b", "fast/any", { model: "alias" }, "group"] }, { "*": ["a"] }],
        context_window_fallbacks: [{ b: ["a"] }],
        model_group_alias: { alias: "old", other: { model: "x.y" } },
        routing_groups: [{ group_name: "group", models: ["b"], routing_strategy: "least-busy" }],
      },
    };
    expect(check(config, "a", "b", "fast/*", "x.*")).toEqual([]);
  });

  it.each<[string, Config, string]>([
    [
      "a fallback",
      { litellm_settings: { fallbacks: [{ a: ["b"] }, { a: ["a.c", "d"] }] } },
      'litellm_settings.fallbacks.1.a.1 leads to "d", and there is no such model',
    ],
    [
      "a fallback for long requests",
      { router_settings: { context_window_fallbacks: [{ a: [{ model: "d" }] }] } },
      'router_settings.context_window_fallbacks.0.a.0 leads to "d", and there is no such model',
    ],
    [
      "a fallback for all",
      { router_settings: { default_fallbacks: ["a", "axc"] } },
      'router_settings.default_fallbacks.1 leads to "axc", and there is no such model',
    ],
    [
      "an alias",
      { router_settings: { model_group_alias: { x: { model: "d" } } } },
      'router_settings.model_group_alias.x leads to "d", and there is no such model',
    ],
    [
      "an alias of the other kind",
      { litellm_settings: { model_alias_map: { x: "d" } } },
      'litellm_settings.model_alias_map.x leads to "d", and there is no such model',
    ],
    [
      "a routing group",
      { router_settings: { routing_groups: [{ group_name: "g", models: ["d"], routing_strategy: "least-busy" }] } },
      'router_settings.routing_groups.0.models.0 names "d", and there is no such model',
    ],
  ])("refuses %s that leads nowhere", (_, config, fault) => {
    expect(check(config, "a", "b", "a.*")).toEqual([fault]);
  });

  it("refuses circles, each once, where they begin", () => {
    const fallbacks = [{ a: ["b"] }, { b: ["c", "d"] }, { c: ["a"] }, { d: ["b"] }, { e: ["a"] }];
    expect(check({ router_settings: { fallbacks } }, "a", "b", "c", "d", "e")).toEqual([
      "router_settings.fallbacks.0.a.0 goes round in a circle: a → b → c → a",
      "router_settings.fallbacks.1.b.1 goes round in a circle: b → d → b",
    ]);
    const model_group_alias = { x: "y", y: "x" };
    expect(check({ router_settings: { model_group_alias } }, "a")).toEqual([
      "router_settings.model_group_alias.x goes round in a circle: x → y → x",
    ]);
    expect(check({ router_settings: { fallbacks: [{ a: ["a"] }] } }, "a")).toEqual([
      "router_settings.fallbacks.0.a.0 goes round in a circle: a → a",
    ]);
  });

  it("takes what is for all models, or for long requests only, for no circle", () => {
    const fallbacks = [{ "*": ["a"] }, { a: ["b"] }];
    expect(check({ router_settings: { fallbacks, default_fallbacks: ["a"] } }, "a", "b", "*")).toEqual([]);
    const router_settings = { fallbacks: [{ a: ["b"] }], context_window_fallbacks: [{ b: ["a"] }] };
    expect(check({ router_settings }, "a", "b")).toEqual([]);
  });

  it("refuses a model in two routing groups, and a group with a model's name", () => {
    const routing_groups = [
      { group_name: "g", models: ["a"], routing_strategy: "least-busy" },
      { group_name: "b", models: ["a"], routing_strategy: "least-busy" },
    ] as const;
    expect(check({ router_settings: { routing_groups } }, "a", "b")).toEqual([
      'router_settings.routing_groups.1.group_name is a model\'s name too: "b"',
      'router_settings.routing_groups.1.models.0 names "a", which is in "g" already',
    ]);
  });
});
