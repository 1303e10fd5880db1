import type { Config } from "./schema/config-schema.ts";
import type { Fallback } from "./schema/reliability-schema.ts";
import type { Fault } from "./to-deployments.ts";

/** `a` → `b`, and where the file says so. */
interface Step extends Pick<Fault, "keys"> {
  readonly from: string;
  readonly to: string;
}

/**
 * Where names of models stand in place of models, each must lead to one: fallbacks, aliases, routing groups. None may
 * lead back to where it came from, and no model stands in two routing groups. `names` may be wildcards.
 */
export function checkGroups(config: Config, names: readonly string[]): readonly Fault[] {
  const { litellm_settings: general, router_settings: router } = config;
  const aliases = toAliasSteps(config);
  const groups = (router?.routing_groups ?? []).map(({ group_name }) => group_name);
  const isKnown = toKnown([...names, ...groups, ...aliases.map(({ from }) => from)]);
  const steps = [
    aliases,
    ...(["fallbacks", "context_window_fallbacks"] as const).flatMap((key) => [
      toFallbackSteps(general?.[key], ["litellm_settings", key]),
      toFallbackSteps(router?.[key], ["router_settings", key]),
    ]),
  ];
  const defaults = [
    ...toSteps("*", general?.default_fallbacks ?? [], ["litellm_settings", "default_fallbacks"]),
    ...toSteps("*", router?.default_fallbacks ?? [], ["router_settings", "default_fallbacks"]),
  ];
  const unknown = [...steps.flat(), ...defaults].filter(({ to }) => !isKnown(to));
  return [
    ...unknown.map(({ keys, to }) => ({ keys, message: `leads to "${to}", and there is no such model` })),
    ...steps.flatMap(findCircles),
    ...groups.flatMap((name, index) => {
      const keys = ["router_settings", "routing_groups", index, "group_name"];
      return names.includes(name) ? [{ keys, message: `is a model's name too: "${name}"` }] : [];
    }),
    ...checkRoutingGroups(config, isKnown),
  ];
}

function toAliasSteps({ litellm_settings: general, router_settings: router }: Config): readonly Step[] {
  const own = Object.entries(router?.model_group_alias ?? {});
  const others = Object.entries(general?.model_alias_map ?? {}).filter(([from]) =>
    own.every(([name]) => name !== from),
  );
  return [
    ...own.map(([from, to]) => ({
      from,
      to: typeof to === "string" ? to : to.model,
      keys: ["router_settings", "model_group_alias", from],
    })),
    ...others.map(([from, to]) => ({ from, to, keys: ["litellm_settings", "model_alias_map", from] })),
  ];
}

type FallbackMaps = readonly Readonly<Record<string, readonly Fallback[]>>[];

function toFallbackSteps(list: FallbackMaps | undefined, keys: Fault["keys"]): readonly Step[] {
  return (list ?? []).flatMap((map, index) =>
    Object.entries(map).flatMap(([from, targets]) => toSteps(from, targets, [...keys, index, from])),
  );
}

function toSteps(from: string, targets: readonly Fallback[], keys: Fault["keys"]): readonly Step[] {
  return targets.map((to, index) => ({ from, to: typeof to === "string" ? to : to.model, keys: [...keys, index] }));
}

/** Every circle once, where its first step stands. */
function findCircles(steps: readonly Step[]): readonly Fault[] {
  const next = Map.groupBy(steps, ({ from }) => from);
  const faults: Fault[] = [];
  const done = new Set<string>();

  function follow(name: string, path: readonly Step[]): void {
    const start = path.findIndex(({ from }) => from === name);
    const [first] = path.slice(Math.max(start, 0));
    if (start !== -1 && first !== undefined) {
      const way = [...path.slice(start).map(({ from }) => from), name].join(" → ");
      faults.push({ keys: first.keys, message: `goes round in a circle: ${way}` });
    } else if (!done.has(name)) {
      for (const step of next.get(name) ?? []) follow(step.to, [...path, step]);
      done.add(name);
    }
  }

  for (const name of next.keys()) follow(name, []);
  return faults;
}

function checkRoutingGroups({ router_settings: router }: Config, isKnown: (name: string) => boolean): readonly Fault[] {
  const groupOf = new Map<string, string>();
  return (router?.routing_groups ?? []).flatMap(({ group_name: group, models }, index) =>
    models.flatMap((name, position): readonly Fault[] => {
      const keys = ["router_settings", "routing_groups", index, "models", position];
      const other = groupOf.get(name);
      groupOf.set(name, group);
      if (other !== undefined) return [{ keys, message: `names "${name}", which is in "${other}" already` }];
      return isKnown(name) ? [] : [{ keys, message: `names "${name}", and there is no such model` }];
    }),
  );
}

/** Whether a name, or a wildcard that takes it, is among these. */
function toKnown(names: readonly string[]): (name: string) => boolean {
  const exact = new Set(names);
  const patterns = names
    .filter((name) => name.includes("*"))
    .map((name) => new RegExp(`^${name.split("*").map(toLiteral).join(".*")}$`, "s"));
  return (name) => exact.has(name) || patterns.some((pattern) => pattern.test(name));
}

function toLiteral(text: string): string {
  return text.replace(/\W/gu, "\\$&");
}
