import { type CallOptions, type JsonObject, type ModelInfo, ProviderError } from "@llamaduct/core";
import type { ListedModel, ModelList, ModelListing } from "@llamaduct/openai-dialect";
import { isCloudModel } from "./cloud-model.ts";
import type { KnownDeployment } from "./create-directory.ts";
import type { Engine } from "./create-engine.ts";
import { dialect } from "./dialect.ts";
import { resolved } from "./resolved.ts";

/** Lists what can be asked for; made anew when a host has told something new since, and the same object otherwise. */
export function createModelLister(engine: Engine): (call: CallOptions) => Promise<ModelList> {
  const wildcards = engine.directory.deployments.filter(
    ({ name, unlisted }) => name.includes("*") && unlisted !== true,
  );
  let told: readonly (readonly ModelInfo[] | undefined)[] = [];
  let list: ModelList | undefined;
  return async (call) => {
    const now = wildcards.map(({ id }) => engine.inventory(id));
    if (list !== undefined && now.every((each, index) => each === told[index])) return list;
    const fresh = await listModels(engine, call);
    // Whoever has told nothing is asked each time.
    if (!now.includes(undefined)) [told, list] = [now, fresh];
    return fresh;
  };
}

/**
 * The names that can be asked for, each once: plain ones as they are, wildcards filled with what their hosts have, which is
 * known from memory where a host is watched. One that does not answer hides its own models only; when that leaves
 * nothing, its error is thrown.
 */
async function listModels(engine: Engine, call: CallOptions): Promise<ModelList> {
  const { items, failure } = await ofListed(engine, call, (deployment) => listDeployment(deployment, engine, call));
  const names = new Map<string, ModelListing>();
  for (const listing of [...items, ...otherNames(engine)]) if (!names.has(listing.id)) names.set(listing.id, listing);
  if (names.size === 0 && failure !== undefined) throw failure.reason;
  const { toModelList } = await dialect();
  return toModelList([...names.values()]);
}

/** Aliases and routing groups belong to whom they lead to; one that leads nowhere is not listed. */
function otherNames({ directory }: Engine): readonly ModelListing[] {
  return directory.otherNames.flatMap((id) => {
    try {
      const [target] = directory.resolve(id).targets;
      return target === undefined ? [] : [{ id, ownedBy: target.providerId }];
    } catch (error) {
      if (error instanceof ProviderError) return [];
      throw error;
    }
  });
}

/** One model by any name that a request may use. */
export async function retrieveModel({ directory }: Engine, model: string, call: CallOptions): Promise<ListedModel> {
  const { toModelObject } = await dialect();
  let failure: unknown = notFound(model);
  const { targets } = await resolved(() => directory.resolve(model), model, directory);
  for (const { deployment, providerId, modelId } of targets) {
    if (!deployment.name.includes("*")) return toModelObject({ id: model, ownedBy: providerId });
    const provider = directory.provider(deployment, providerId);
    if (provider.describe === undefined) return toModelObject({ id: model, ownedBy: providerId });
    try {
      const info = await provider.describe(modelId, call);
      if (info !== undefined) return toModelObject({ id: model, created: modifiedAt(info), ownedBy: providerId });
    } catch (error) {
      // Another host of the group may have it.
      if (!(error instanceof ProviderError) || call.signal?.aborted) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** A listed name, who answers, and what the host and the application say of it; `undefined` when the host does not answer. */
export interface DescribedModel {
  readonly name: string;
  readonly deploymentId: string;
  readonly providerId: string;
  readonly modelId: string;
  readonly info: ModelInfo | undefined;
  /** What the deployment itself says, for listings. */
  readonly told: JsonObject | undefined;
}

/** Every listed name with its facts. */
export async function describeModels(engine: Engine, call: CallOptions): Promise<readonly DescribedModel[]> {
  return (await ofListed(engine, call, (deployment) => describeDeployment(deployment, engine, call))).items;
}

/** What every listed deployment gives, in their order, and the first failure among them. */
async function ofListed<Item>(
  { directory }: Engine,
  call: CallOptions,
  read: (deployment: KnownDeployment) => Promise<readonly Item[]>,
): Promise<{ readonly items: readonly Item[]; readonly failure: PromiseRejectedResult | undefined }> {
  const listed = directory.deployments.filter(({ unlisted }) => unlisted !== true);
  const lists = await Promise.allSettled(listed.map(read));
  call.signal?.throwIfAborted();
  return {
    items: lists.flatMap((list) => (list.status === "fulfilled" ? list.value : [])),
    failure: lists.find((list) => list.status === "rejected"),
  };
}

async function describeDeployment(
  deployment: KnownDeployment,
  { directory, facts }: Engine,
  call: CallOptions,
): Promise<readonly DescribedModel[]> {
  const { id: deploymentId, name, model, info: told } = deployment;
  const target = directory.registry.split(model);
  if (target === undefined) return [];
  const provider = directory.provider(deployment, target.providerId);
  const withFacts = (info: ModelInfo | undefined, modelId: string) => {
    const said = facts({ deployment, ...target, modelId });
    return info && { ...info, ...said, capabilities: { ...info.capabilities, ...said.capabilities } };
  };
  if (!name.includes("*")) {
    const info = await provider.describe?.(target.modelId, call).catch(() => undefined);
    return [{ name, deploymentId, ...target, info: withFacts(info, target.modelId), told }];
  }
  const models: DescribedModel[] = [];
  for (const listed of servedModels(directory, target.providerId, (await provider.listModels?.(call)) ?? [])) {
    const filled = fillWildcard(name, target.modelId, listed.id);
    if (filled === undefined) continue;
    // A listing may know less than the host does of one model. One after the other: the host has other work.
    const info = (await provider.describe?.(listed.id, call)) ?? listed;
    models.push({ name: filled, deploymentId, ...target, modelId: listed.id, info: withFacts(info, listed.id), told });
  }
  return models;
}

async function listDeployment(
  deployment: KnownDeployment,
  { directory, inventory }: Engine,
  call: CallOptions,
): Promise<readonly ModelListing[]> {
  const target = directory.registry.split(deployment.model);
  if (target === undefined) return [];
  const { providerId: ownedBy, modelId: pattern } = target;
  if (!deployment.name.includes("*")) return [{ id: deployment.name, ownedBy }];
  const provider = directory.provider(deployment, ownedBy);
  const models = inventory(deployment.id) ?? (await provider.listModels?.(call)) ?? [];
  return servedModels(directory, ownedBy, models).flatMap((model) => {
    const id = fillWildcard(deployment.name, pattern, model.id);
    return id === undefined ? [] : [{ id, created: modifiedAt(model), ownedBy }];
  });
}

/** What a request may ask for of all that a host has. */
function servedModels(
  { cloudModels }: Engine["directory"],
  providerId: string,
  models: readonly ModelInfo[],
): readonly ModelInfo[] {
  return cloudModels ? models : models.filter(({ id }) => !isCloudModel({ providerId, modelId: id }));
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
