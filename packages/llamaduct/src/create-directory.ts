import {
  createRegistry,
  type JsonObject,
  type Provider,
  type ProviderFactory,
  type ProviderSettings,
  type Registry,
} from "@llamaduct/core";
import type { RoutingGroup } from "@llamaduct/router";
import type { Connection } from "./connection.ts";
import type { Alias } from "./create-llamaduct.ts";
import type { Deployment } from "./deployment.ts";
import { deploymentId } from "./deployment-id.ts";
import { createModelResolver, type ModelResolver } from "./resolve-model.ts";

export interface DirectoryOptions {
  readonly providers: readonly ProviderFactory[];
  readonly deployments?: readonly Deployment[] | undefined;
  /** Under every deployment's own. */
  readonly defaults?: JsonObject | undefined;
  readonly aliases?: Readonly<Record<string, Alias>> | undefined;
  readonly routingGroups?: readonly RoutingGroup[] | undefined;
  readonly settings?: Readonly<Record<string, ProviderSettings>> | undefined;
  readonly cloudModels?: boolean | undefined;
}

/** A deployment that has an id. */
export interface KnownDeployment extends Deployment {
  readonly id: string;
}

/** Where names lead: to deployments, and those to providers. */
export interface Directory {
  readonly registry: Registry;
  readonly deployments: readonly KnownDeployment[];
  /** Of those that nobody listed, the ones that can be reached only where a request itself says. */
  readonly unreached: ReadonlySet<Deployment>;
  /** Further names that are listed: aliases and routing groups. */
  readonly otherNames: readonly string[];
  /** Whether wildcards lead to models of Ollama's cloud. */
  readonly cloudModels: boolean;
  /** The deployments behind a name. Throws `model_not_found`. */
  readonly resolve: ModelResolver;
  /** How a deployment reaches its provider; a request's own connection wins. */
  settings(deployment: Deployment, providerId: string, connection?: Connection): ProviderSettings;
  provider(deployment: Deployment, providerId: string, connection?: Connection): Provider;
}

/** Mistakes in the options throw here, not in somebody's first request. */
export function createDirectory(options: DirectoryOptions): Directory {
  const { aliases = {}, routingGroups = [], defaults, cloudModels = true } = options;
  const registry = createRegistry(options.providers);
  const listed = options.deployments ?? everything(registry.ids);
  const deployments = withIds(
    defaults === undefined ? listed : listed.map((each) => ({ ...each, defaults: { ...defaults, ...each.defaults } })),
  );
  const resolve = createModelResolver({ deployments, aliases, registry, cloudModels });
  const modelsOf = new Map(routingGroups.map(({ name, models }) => [name, models]));

  function settings({ settings: own }: Deployment, providerId: string, connection: Connection = {}): ProviderSettings {
    if (connection.baseURL !== undefined) return connection;
    return { ...(own?.baseURL === undefined && options.settings?.[providerId]), ...own, ...connection };
  }

  /** Of deployments as they are set up: the registry has to compare settings, which costs every request. */
  const ownProviders = new WeakMap<Deployment, Provider>();

  function provider(deployment: Deployment, providerId: string, connection: Connection = {}): Provider {
    if (Object.keys(connection).length > 0)
      return registry.provider(providerId, settings(deployment, providerId, connection));
    const known = ownProviders.get(deployment);
    if (known?.id === providerId) return known;
    const made = registry.provider(providerId, settings(deployment, providerId));
    ownProviders.set(deployment, made);
    return made;
  }

  const unreached = new Set<Deployment>();
  for (const deployment of deployments) {
    const { name, model } = deployment;
    const target = registry.split(model);
    if (target === undefined)
      throw new Error(`Deployment "${name}": "${model}" names none of the providers ${registry.ids.join(", ")}.`);
    try {
      provider(deployment, target.providerId);
    } catch (error) {
      const isSetUp = settings(deployment, target.providerId).baseURL !== undefined;
      if (options.deployments === undefined && !isSetUp) unreached.add(deployment);
      else throw new Error(`Deployment "${name}": ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }

  return {
    registry,
    deployments,
    cloudModels,
    unreached,
    otherNames: [...Object.keys(aliases).filter((name) => aliases[name]?.hidden !== true), ...modelsOf.keys()],
    resolve(requested) {
      const models = modelsOf.get(requested);
      if (models === undefined) return resolve(requested);
      return { group: requested, targets: models.flatMap((model) => resolve(model).targets) };
    },
    settings,
    provider,
  };
}

/** Any name at the first provider; `provider/model` at that provider. */
function everything(ids: readonly string[]): readonly Deployment[] {
  const anyName = ids.slice(0, 1).map((id) => ({ name: "*", model: `${id}/*` }));
  return [...anyName, ...ids.map((id) => ({ name: `${id}/*`, model: `${id}/*`, unlisted: true }))];
}

/** Of several that are alike, each has an id of its own. */
function withIds(deployments: readonly Deployment[]): readonly KnownDeployment[] {
  const taken = new Set<string>();
  for (const { id } of deployments) {
    if (id !== undefined && taken.has(id)) throw new Error(`Two deployments have the id "${id}".`);
    if (id !== undefined) taken.add(id);
  }
  return deployments.map((deployment) => {
    if (deployment.id !== undefined) return { ...deployment, id: deployment.id };
    const made = deploymentId(deployment);
    let id = made;
    for (let copy = 2; taken.has(id); copy++) id = `${made}-${copy}`;
    taken.add(id);
    return { ...deployment, id };
  });
}
