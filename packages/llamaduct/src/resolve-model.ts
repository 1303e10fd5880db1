import { ProviderError, type Registry } from "@llamaduct/core";
import { cloudRefused, isCloudModel } from "./cloud-model.ts";
import type { Alias } from "./create-llamaduct.ts";
import type { Deployment, Target } from "./deployment.ts";

export interface ModelResolverOptions {
  readonly deployments: readonly Deployment[];
  readonly aliases?: Readonly<Record<string, Alias>> | undefined;
  readonly registry: Registry;
  /** Whether a name that a wildcard matches may lead to a model of Ollama's cloud. Default: true. */
  readonly cloudModels?: boolean | undefined;
}

/** What a requested name led to. */
export interface ResolvedModel {
  /** The name that fallbacks, strategies and limits go by: an alias is followed, a wildcard is as it was asked for. */
  readonly group: string;
  /** At least one. */
  readonly targets: readonly Target[];
}

/** Throws `model_not_found`. */
export type ModelResolver = (requested: string) => ResolvedModel;

/**
 * Finds who answers to a name, in LiteLLM's order: alias, exact name, deployment id, the most specific wildcard, and last
 * the `provider/model` that stands behind another name. Throws an `Error` for aliases that lead back to themselves.
 */
export function createModelResolver(options: ModelResolverOptions): ModelResolver {
  const { deployments, aliases = {}, registry, cloudModels = true } = options;
  const aliasOf = new Map(Object.entries(aliases).map(([name, { model }]) => [name, model]));
  for (const name of aliasOf.keys()) followAliases(name);
  const plain = deployments.filter(({ name }) => !name.includes("*"));
  const byName = Map.groupBy(plain, ({ name }) => name);
  const byId = new Map(deployments.map((deployment) => [deployment.id, deployment]));
  const byModel = Map.groupBy(deployments, ({ model }) => model);
  const patterns = toPatterns(deployments);

  function followAliases(requested: string): string {
    const seen: string[] = [];
    let name = requested;
    for (let next = aliasOf.get(name); next !== undefined; next = aliasOf.get(name)) {
      seen.push(name);
      name = next;
      if (seen.includes(name)) throw new Error(`The aliases ${[...seen, name].join(" → ")} lead nowhere.`);
    }
    return name;
  }

  function toTarget(deployment: Deployment, segments: readonly string[], requested: string): Target | undefined {
    const target = registry.split(fill(deployment.model, segments, requested));
    return target && { deployment, ...target };
  }

  function resolvePlain(group: readonly Deployment[] | undefined, name: string): ResolvedModel | undefined {
    const targets = group?.flatMap((deployment) => toTarget(deployment, [name], name) ?? []) ?? [];
    const [first] = targets;
    return first && { group: first.deployment.name, targets };
  }

  function resolveId(name: string): ResolvedModel | undefined {
    const deployment = byId.get(name);
    // The model behind a wildcard is known by its names alone.
    return deployment?.name.includes("*") ? undefined : resolvePlain(deployment && [deployment], name);
  }

  function resolvePattern(name: string): ResolvedModel | undefined {
    for (const { literals, group } of patterns) {
      const segments = match(name, literals);
      if (segments === undefined) continue;
      // A listed `ollama_chat/llama3` is callable as it is shown under `*` → `ollama_chat/*` too.
      const [first = "", ...rest] = segments;
      const bare = literals[0] === "" ? [withoutPrefix(first), ...rest] : segments;
      const targets = group.flatMap((deployment) => toTarget(deployment, bare, withoutPrefix(name)) ?? []);
      // A `*` that stands for nothing may leave no model.
      if (targets.length < group.length) continue;
      const cloud = cloudModels ? undefined : targets.find(isCloudModel);
      if (cloud !== undefined) throw cloudRefused(cloud);
      return { group: name, targets };
    }
    return undefined;
  }

  function withoutPrefix(name: string): string {
    return registry.split(name)?.modelId ?? name;
  }

  return (requested) => {
    const name = followAliases(requested);
    const resolved =
      resolvePlain(byName.get(name), name) ??
      resolveId(name) ??
      resolvePattern(name) ??
      resolvePlain(byModel.get(name), name);
    if (resolved === undefined) throw notFound(requested);
    return resolved;
  };
}

/** Puts what a name's `*`s stand for in place of a model's, in order; more of them than the model has: the whole name. */
function fill(model: string, segments: readonly string[], requested: string): string {
  const [head = "", ...rest] = model.split("*");
  if (segments.length > rest.length && rest.length > 0) return model.slice(0, model.indexOf("/") + 1) + requested;
  return head + rest.map((literal, index) => (segments[index] ?? "*") + literal).join("");
}

interface Pattern {
  /** What stands between the `*`s. */
  readonly literals: readonly string[];
  readonly group: readonly Deployment[];
}

/** The most specific first; equally specific ones stay in their order. */
function toPatterns(deployments: readonly Deployment[]): readonly Pattern[] {
  const wild = deployments.filter(({ name }) => name.includes("*"));
  return [...Map.groupBy(wild, ({ name }) => name)]
    .map(([name, group]) => ({ literals: name.split("*"), group, weight: specificity(name) }))
    .sort((a, b) => b.weight.length - a.weight.length || b.weight.special - a.weight.special);
}

/** As LiteLLM has it: the length of the regular expression that it makes of a name, then its special characters. */
function specificity(name: string): { readonly length: number; readonly special: number } {
  // Python's `re.escape`, whose `\*` becomes a group.
  const pattern = name.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, (character) =>
    character === "*" ? "(.*)" : `\\${character}`,
  );
  return { length: pattern.length, special: pattern.match(/[*+?\\^$|()]/g)?.length ?? 0 };
}

/**
 * What each `*` stands for, the first one greedy, or `undefined`. By hand, since a regular expression of several `.*`
 * takes a client's long name for minutes.
 */
function match(text: string, literals: readonly string[]): readonly string[] | undefined {
  const [first = "", last = ""] = [literals[0], literals.at(-1)];
  let end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return undefined;
  const segments: string[] = [];
  for (const literal of literals.slice(1, -1).reverse()) {
    const start = end - literal.length;
    const at = start < first.length ? -1 : text.lastIndexOf(literal, start);
    if (at < first.length) return undefined;
    segments.unshift(text.slice(at + literal.length, end));
    end = at;
  }
  return [text.slice(first.length, end), ...segments];
}

function notFound(requested: string): ProviderError {
  const message = `There is no model "${requested.slice(0, 100)}" here.`;
  return new ProviderError({ code: "model_not_found", message, setting: "model" });
}
