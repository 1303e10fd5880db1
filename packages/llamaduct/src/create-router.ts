import {
  createRegistry,
  errorRule,
  type Provider,
  ProviderError,
  type ProviderFactory,
  type ProviderSettings,
  type Registry,
} from "@llamaduct/core";
import type { Connection } from "./connection.ts";
import type { Deployment, Target } from "./deployment.ts";
import { resolveModel } from "./resolve-model.ts";

export interface RouterOptions {
  readonly providers: readonly ProviderFactory[];
  readonly deployments?: readonly Deployment[] | undefined;
  readonly settings?: Readonly<Record<string, ProviderSettings>> | undefined;
}

/** Where requests go: names to deployments to providers. */
export interface Router {
  readonly registry: Registry;
  readonly deployments: readonly Deployment[];
  /** The deployments behind a name. Throws `model_not_found`. */
  resolve(model: string): readonly Target[];
  /** The provider behind a deployment; a request's own connection wins. */
  provider(deployment: Deployment, providerId: string, connection?: Connection): Provider;
}

/** Mistakes in the options throw here, not in somebody's first request. */
export function createRouter(options: RouterOptions): Router {
  const registry = createRegistry(options.providers);
  const deployments = options.deployments ?? everything(registry.ids);

  function provider(deployment: Deployment, providerId: string, connection: Connection = {}): Provider {
    return registry.provider(providerId, settingsOf(deployment, providerId, connection));
  }

  function settingsOf({ settings: own }: Deployment, providerId: string, connection: Connection): ProviderSettings {
    if (connection.baseURL !== undefined) return connection;
    return { ...(own?.baseURL === undefined && options.settings?.[providerId]), ...own, ...connection };
  }

  for (const deployment of deployments) {
    const { name, model } = deployment;
    const target = registry.split(model);
    if (target === undefined)
      throw new Error(`Deployment "${name}": "${model}" names none of the providers ${registry.ids.join(", ")}.`);
    try {
      provider(deployment, target.providerId);
    } catch (error) {
      throw new Error(`Deployment "${name}": ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }

  return { registry, deployments, provider, resolve: (model) => resolveModel(model, deployments, registry) };
}

/** Any name at the first provider; `provider/model` at that provider. */
function everything(ids: readonly string[]): readonly Deployment[] {
  const anyName = ids.slice(0, 1).map((id) => ({ name: "*", model: `${id}/*` }));
  return [...anyName, ...ids.map((id) => ({ name: `${id}/*`, model: `${id}/*`, unlisted: true }))];
}

/** Asks the targets of a group in order until one begins to answer; a caller's own fault ends it at once. */
export async function withOneOf<Result>(
  targets: readonly Target[],
  begin: (target: Target) => Promise<Result>,
): Promise<Result> {
  let failure: unknown;
  for (const target of targets) {
    try {
      return await begin(target);
    } catch (error) {
      if (!(error instanceof ProviderError) || !errorRule(error).failover) throw error;
      failure = error;
    }
  }
  throw failure;
}
