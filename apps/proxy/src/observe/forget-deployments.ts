import type { Registry } from "prom-client";

export interface Forgetting {
  /** To be told of every deployment that is counted. */
  see(deploymentId: string): void;
  /** Removes what was counted of deployments that are no longer configured. */
  forget(): Promise<void>;
}

/** How many that are gone may still be counted while nobody reads the metrics. */
const MAX_GONE = 100;

/**
 * A deployment's id changes with what is configured of it, so every reload may bring new ones: without this the series of
 * the old ones would stay for good.
 */
export function createForgetting(registry: Registry, configured: () => readonly string[]): Forgetting {
  const seen = new Set<string>();

  async function forget(): Promise<void> {
    const present = new Set(configured());
    const gone = new Set([...seen].filter((id) => !present.has(id)));
    if (gone.size === 0) return;
    for (const id of gone) seen.delete(id);
    for (const { name } of registry.getMetricsAsArray()) {
      const metric = registry.getSingleMetric(name);
      if (metric === undefined) continue;
      for (const { labels } of (await metric.get()).values)
        if (gone.has(String((labels as Labels)["model_id"]))) metric.remove(withoutBucket(labels as Labels));
    }
  }

  return {
    forget,
    see(id) {
      if (id === "" || seen.has(id)) return;
      seen.add(id);
      if (seen.size > configured().length + MAX_GONE) void forget();
    },
  };
}

/** What prom-client's own types say as well, once for each kind of metric. */
type Labels = Readonly<Record<string, string | number>>;

/** A histogram's buckets have one more label than its series. */
function withoutBucket({ le: _, ...labels }: Labels): Record<string, string | number> {
  return labels;
}
