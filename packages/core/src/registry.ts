import { defineProvider, SPEC_VERSION } from "./define-provider.ts";
import type { Provider, ProviderFactory, ProviderSettings } from "./spec.ts";

export interface Registry {
  /** Ids of the registered factories, in the order given. */
  readonly ids: readonly string[];
  /** The provider `id` with these settings; the same settings give the same instance. Throws on an unknown id. */
  provider(id: string, settings?: ProviderSettings): Provider;
  /**
   * Splits `provider/model` at the first slash, so that model ids may hold `/` and `:`. `undefined` when what stands
   * before it is not a registered id, or nothing stands after it.
   */
  split(reference: string): { readonly providerId: string; readonly modelId: string } | undefined;
}

/** Instances kept per registry: enough for any real configuration, a bound against per-call `api_base` values. */
const MAX_INSTANCES = 256;
const ID = /^[a-z][a-z0-9_-]*$/;

/** An immutable set of factories. Mistakes throw here, not on the first request at 3 a.m. */
export function createRegistry(factories: readonly ProviderFactory[]): Registry {
  const byId = new Map<string, ProviderFactory>();
  for (const factory of factories) {
    checkFactory(factory);
    if (byId.has(factory.id))
      throw new Error(`Two provider packages have the id "${factory.id}" (provider.factory). Register one of them.`);
    byId.set(factory.id, factory);
  }
  const instances = new Map<string, Provider>();
  const creating = new Set<string>();

  function provider(id: string, settings: ProviderSettings = {}): Provider {
    const factory = byId.get(id);
    if (factory === undefined)
      throw new Error(`No provider "${id}". Registered: ${[...byId.keys()].join(", ") || "none"}.`);
    const key = `${id} ${stableJson(settings)}`;
    const known = instances.get(key);
    if (known !== undefined) {
      instances.delete(key);
      instances.set(key, known);
      return known;
    }
    if (creating.has(key))
      throw new Error(`Provider "${id}" asked for a sibling inside create(). Ask when a request comes.`);
    creating.add(key);
    try {
      const made = defineProvider(
        factory.create(settings, (other) => (byId.has(other) ? provider(other, settings) : undefined)),
      );
      instances.set(key, made);
      const oldest = instances.keys().next();
      if (instances.size > MAX_INSTANCES && oldest.done !== true) instances.delete(oldest.value);
      return made;
    } finally {
      creating.delete(key);
    }
  }

  return {
    ids: [...byId.keys()],
    provider,
    split(reference) {
      const slash = reference.indexOf("/");
      const providerId = reference.slice(0, Math.max(slash, 0));
      const modelId = reference.slice(slash + 1);
      return byId.has(providerId) && modelId !== "" ? { providerId, modelId } : undefined;
    },
  };
}

function checkFactory(factory: ProviderFactory): void {
  if (!ID.test(factory.id))
    throw new Error(`"${factory.id}" is no provider id: it must match ${ID.source} (provider.factory).`);
  if (factory.specVersion === SPEC_VERSION) return;
  const remedy = factory.specVersion > SPEC_VERSION ? "@llamaduct/core" : "that provider's package";
  throw new Error(
    `Provider "${factory.id}" is written for spec ${factory.specVersion}, this is spec ${SPEC_VERSION} (provider.factory). Upgrade ${remedy}.`,
  );
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort())
      : inner,
  );
}
