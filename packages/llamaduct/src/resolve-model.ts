import { ProviderError, type Registry } from "@llamaduct/core";
import type { Deployment, Target } from "./deployment.ts";

/**
 * The deployments behind a requested name: those of exactly that name, else those of the most specific wildcard, else
 * those whose model is called so. Throws `model_not_found`, listing near names.
 */
export function resolveModel(
  requested: string,
  deployments: readonly Deployment[],
  registry: Registry,
): readonly Target[] {
  const group = findGroup(requested, deployments);
  if (group.length === 0) throw notFound(requested, deployments);
  return group.map((deployment) => {
    const reference = deployment.model.replace("*", () => fill(requested, deployment.name, registry));
    const target = registry.split(reference);
    if (target === undefined) throw notFound(requested, deployments);
    return { deployment, ...target };
  });
}

function findGroup(requested: string, deployments: readonly Deployment[]): readonly Deployment[] {
  const exact = deployments.filter(({ name }) => name === requested);
  if (exact.length > 0) return exact;
  const matching = deployments.filter(({ name }) => wildcard(requested, name) !== undefined);
  if (matching.length === 0) return deployments.filter(({ model }) => model === requested);
  const longest = Math.max(...matching.map(({ name }) => name.length));
  const [best] = matching.filter(({ name }) => name.length === longest);
  return matching.filter(({ name }) => name === best?.name);
}

/** What the name's `*` stands for, or `undefined` when the name has none or does not match. */
function wildcard(requested: string, name: string): string | undefined {
  const star = name.indexOf("*");
  if (star === -1) return undefined;
  const [head, tail] = [name.slice(0, star), name.slice(star + 1)];
  const middle = requested.slice(head.length, requested.length - tail.length);
  return middle !== "" && requested === head + middle + tail ? middle : undefined;
}

/** `*` → `ollama_chat/*`, say, takes `llama3` and `ollama_chat/llama3` alike: what a listing shows is callable as shown. */
function fill(requested: string, name: string, registry: Registry): string {
  const text = wildcard(requested, name) ?? requested;
  return registry.split(text)?.modelId ?? text;
}

function notFound(requested: string, deployments: readonly Deployment[]): ProviderError {
  const near = nearNames(
    requested,
    deployments.map(({ name }) => name),
  );
  const hint = near.length > 0 ? ` Did you mean ${near.map((name) => `"${name}"`).join(" or ")}?` : "";
  return new ProviderError({
    code: "model_not_found",
    message: `There is no model "${requested.slice(0, 100)}" here.${hint}`,
    setting: "model",
  });
}

const MAX_NEAR_NAMES = 3;

function nearNames(requested: string, names: readonly string[]): readonly string[] {
  const wanted = requested.toLowerCase();
  const known = [...new Set(names)].filter((name) => !name.includes("*"));
  return known
    .map((name) => ({ name, distance: distance(wanted.slice(0, 100), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3) || name.toLowerCase().includes(wanted))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_NEAR_NAMES)
    .map(({ name }) => name);
}

/** Levenshtein's: insertions, deletions and replacements that make one text the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, character] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (to[j] === character ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
