import type { CallOptions, ModelInfo, Provider, Registry } from "@llamaduct/core";
import type { ModelListing } from "@llamaduct/openai-dialect";
import type { Deployment } from "./deployment.ts";

export interface ListOptions {
  readonly deployments: readonly Deployment[];
  readonly registry: Registry;
  readonly provider: (deployment: Deployment, providerId: string) => Provider;
  readonly call: CallOptions | undefined;
}

/**
 * The names that can be asked for, each once: plain ones as they are, wildcards filled with what their host has; a model
 * that several wildcards lead to has the name that the first gives it. A host that does not answer hides its own models
 * only; when that leaves nothing, its error is thrown.
 */
export async function listDeployments(options: ListOptions): Promise<readonly ModelListing[]> {
  const lists = await Promise.allSettled(options.deployments.map((deployment) => listDeployment(deployment, options)));
  options.call?.signal?.throwIfAborted();
  const names = new Map<string, ModelListing>();
  const behindWildcards = new Map<Provider, Set<string>>();
  for (const { listing, provider, modelId } of lists.flatMap((list) =>
    list.status === "fulfilled" ? list.value : [],
  )) {
    const known = behindWildcards.get(provider) ?? new Set();
    if (modelId !== undefined && known.has(modelId)) continue;
    if (modelId !== undefined) behindWildcards.set(provider, known.add(modelId));
    if (!names.has(listing.id)) names.set(listing.id, listing);
  }
  const failed = lists.find((list) => list.status === "rejected");
  if (names.size === 0 && failed !== undefined) throw failed.reason;
  return [...names.values()];
}

interface Entry {
  readonly listing: ModelListing;
  readonly provider: Provider;
  /** Of a name that came from a wildcard. */
  readonly modelId?: string;
}

async function listDeployment(deployment: Deployment, options: ListOptions): Promise<readonly Entry[]> {
  const target = options.registry.split(deployment.model);
  if (target === undefined) return [];
  const provider = options.provider(deployment, target.providerId);
  const ownedBy = target.providerId;
  if (!deployment.name.includes("*")) return [{ listing: { id: deployment.name, ownedBy }, provider }];
  const models = (await provider.listModels?.(options.call)) ?? [];
  return models.flatMap((model) => {
    const id = fillWildcard(deployment.name, target.modelId, model.id);
    if (id === undefined) return [];
    return [{ listing: { id, created: modifiedAt(model), ownedBy }, provider, modelId: model.id }];
  });
}

/** The name that leads to a model: what the model pattern leaves open goes where the name's `*` is. */
function fillWildcard(name: string, pattern: string, modelId: string): string | undefined {
  const [head = "", tail] = pattern.split("*");
  // A wildcard in front of one fixed model has no finite list of names.
  if (tail === undefined) return undefined;
  const fits = modelId.length > head.length + tail.length && modelId.startsWith(head) && modelId.endsWith(tail);
  return fits ? name.replace("*", () => modelId.slice(head.length, modelId.length - tail.length)) : undefined;
}

function modifiedAt({ metadata }: ModelInfo): number | undefined {
  const text = metadata?.["modified_at"];
  const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}
