import { type CallOptions, type ModelInfo, ProviderError } from "@llamaduct/core";
import {
  type ListedModel,
  type ModelList,
  type ModelListing,
  toModelList,
  toModelObject,
} from "@llamaduct/openai-dialect";
import type { Engine } from "./create-engine.ts";
import type { Router } from "./create-router.ts";
import type { Deployment } from "./deployment.ts";

/**
 * The names that can be asked for, each once: plain ones as they are, wildcards filled with what their host has. A host
 * that does not answer hides its own models only; when that leaves nothing, its error is thrown.
 */
export async function listModels({ router }: Engine, call: CallOptions): Promise<ModelList> {
  const { items, failure } = await ofListed(router, call, (deployment) => listDeployment(deployment, router, call));
  const names = new Map<string, ModelListing>();
  for (const listing of items) if (!names.has(listing.id)) names.set(listing.id, listing);
  if (names.size === 0 && failure !== undefined) throw failure.reason;
  return toModelList([...names.values()]);
}

/** One model by any name that a request may use. */
export async function retrieveModel({ router }: Engine, model: string, call: CallOptions): Promise<ListedModel> {
  const [target] = router.resolve(model);
  if (target === undefined) throw notFound(model);
  const { deployment, providerId, modelId } = target;
  if (!deployment.name.includes("*")) return toModelObject({ id: model, ownedBy: providerId });
  const provider = router.provider(deployment, providerId);
  if (provider.describe === undefined) return toModelObject({ id: model, ownedBy: providerId });
  const info = await provider.describe(modelId, call);
  if (info === undefined) throw notFound(model);
  return toModelObject({ id: model, created: modifiedAt(info), ownedBy: providerId });
}

/** A listed name, who answers, and what the host and the application say of it; `undefined` when the host does not answer. */
export interface DescribedModel {
  readonly name: string;
  readonly providerId: string;
  readonly modelId: string;
  readonly info: ModelInfo | undefined;
}

/** Every listed name with its facts. */
export async function describeModels({ router }: Engine, call: CallOptions): Promise<readonly DescribedModel[]> {
  return (await ofListed(router, call, (deployment) => describeDeployment(deployment, router, call))).items;
}

/** What every listed deployment gives, in their order, and the first failure among them. */
async function ofListed<Item>(
  router: Router,
  call: CallOptions,
  read: (deployment: Deployment) => Promise<readonly Item[]>,
): Promise<{ readonly items: readonly Item[]; readonly failure: PromiseRejectedResult | undefined }> {
  const listed = router.deployments.filter(({ unlisted }) => unlisted !== true);
  const lists = await Promise.allSettled(listed.map(read));
  call.signal?.throwIfAborted();
  return {
    items: lists.flatMap((list) => (list.status === "fulfilled" ? list.value : [])),
    failure: lists.find((list) => list.status === "rejected"),
  };
}

async function describeDeployment(
  deployment: Deployment,
  router: Router,
  call: CallOptions,
): Promise<readonly DescribedModel[]> {
  const { name, model, facts } = deployment;
  const target = router.registry.split(model);
  if (target === undefined) return [];
  const provider = router.provider(deployment, target.providerId);
  const withFacts = (info: ModelInfo | undefined) =>
    info && { ...info, ...facts, capabilities: { ...info.capabilities, ...facts?.capabilities } };
  if (!name.includes("*")) {
    const info = await provider.describe?.(target.modelId, call).catch(() => undefined);
    return [{ name, ...target, info: withFacts(info) }];
  }
  const models: DescribedModel[] = [];
  for (const listed of (await provider.listModels?.(call)) ?? []) {
    const filled = fillWildcard(name, target.modelId, listed.id);
    if (filled === undefined) continue;
    // A listing may know less than the host does of one model. One after the other: the host has other work.
    const info = (await provider.describe?.(listed.id, call)) ?? listed;
    models.push({ name: filled, ...target, modelId: listed.id, info: withFacts(info) });
  }
  return models;
}

async function listDeployment(
  deployment: Deployment,
  router: Router,
  call: CallOptions,
): Promise<readonly ModelListing[]> {
  const target = router.registry.split(deployment.model);
  if (target === undefined) return [];
  const { providerId: ownedBy, modelId: pattern } = target;
  if (!deployment.name.includes("*")) return [{ id: deployment.name, ownedBy }];
  const models = (await router.provider(deployment, ownedBy).listModels?.(call)) ?? [];
  return models.flatMap((model) => {
    const id = fillWildcard(deployment.name, pattern, model.id);
    return id === undefined ? [] : [{ id, created: modifiedAt(model), ownedBy }];
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

function notFound(model: string): ProviderError {
  const message = `There is no model "${model.slice(0, 100)}" here.`;
  return new ProviderError({ code: "model_not_found", message, setting: "model" });
}
