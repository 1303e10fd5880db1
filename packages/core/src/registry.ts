import { defineProvider, SPEC_VERSION } from "./define-provider.ts";
import { breach, ownError } from "./own-error.ts";
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
  for (const [index, factory] of factories.entries()) {
    checkFactory(factory, index + 1);
    if (byId.has(factory.id)) throw broken(factory.id, "is there twice");
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
    const at = { provider: id };
    if (creating.has(key)) throw breach(at, "asked for a sibling inside create()");
    creating.add(key);
    try {
      const made = factory.create(settings, (other) => (byId.has(other) ? provider(other, settings) : undefined));
      // An adapter without types may give anything: a promise, say.
      if (made?.id !== id) throw breach(at, "made no provider of that id (provider.factory)");
      const guarded = defineProvider(made);
      instances.set(key, guarded);
      const [oldest = ""] = instances.keys();
      if (instances.size > MAX_INSTANCES) instances.delete(oldest);
      return guarded;
    } catch (error) {
      throw ownError(error, at, undefined);
    } finally {
      creating.delete(key);
    }
  }

  return {
    ids: [...byId.keys()],
    provider,
    split(reference) {
      const [, providerId = "", modelId = ""] = /^([^/]*)\/(.+)$/s.exec(reference) ?? [];
      return byId.has(providerId) ? { providerId, modelId } : undefined;
    },
  };
}

/** Callers without types may give anything: a module in place of what it exports, a promise of it. */
function checkFactory(factory: Partial<ProviderFactory> | undefined, position: number): void {
  const { id, specVersion = 0, create } = factory ?? {};
  if (typeof id !== "string" || !ID.test(id) || typeof create !== "function")
    throw broken(id || position, `needs create() and an id that matches ${ID.source}`);
  if (specVersion === SPEC_VERSION) return;
  const older = specVersion > SPEC_VERSION ? "@llamaduct/core" : "its package";
  throw broken(id, `is written for spec ${specVersion}, this is spec ${SPEC_VERSION}: upgrade ${older}`);
}

function broken(name: string | number, what: string): Error {
  return new Error(`Provider ${name} ${what} (provider.factory).`);
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort())
      : inner,
  );
}
