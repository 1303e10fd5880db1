import type { DeploymentState } from "llamaduct";
import { Gauge, Registry } from "prom-client";
import { createNames } from "./create-names.ts";
import { createRequestMetrics } from "./create-request-metrics.ts";
import { createStateMetrics } from "./create-state-metrics.ts";
import { createForgetting } from "./forget-deployments.ts";
import type { RequestRecord } from "./request-record.ts";

export interface MetricsOptions {
  /** How every deployment is now. */
  readonly states: () => readonly DeploymentState[];
  /** Absent without Redis: then nothing is told of it. */
  readonly isRedisUp?: (() => boolean) | undefined;
}

export interface Metrics {
  /** Counts a request that has ended, unless it asked for no model's work. */
  record(request: RequestRecord): void;
  /** Everything in Prometheus' text format; asks for the states. */
  render(): Promise<Exposition>;
}

export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/**
 * Prometheus metrics under the names that LiteLLM has, and `llamaduct_…` for what it has not. Labels are names from the
 * configuration, models that have answered, and codes from closed lists: no client can make series. What is not known
 * is empty, which Prometheus takes for absent.
 */
export function createMetrics({ states, isRedisUp }: MetricsOptions): Metrics {
  const registry = new Registry();
  const names = {
    groups: createNames(() => states().map(({ group }) => group)),
    models: createNames(() => states().map(({ model }) => model)),
  };
  const requests = createRequestMetrics(registry, names);
  const deployments = createStateMetrics(registry);
  const forgetting = createForgetting(registry, () => states().map(({ id }) => id));
  if (isRedisUp !== undefined)
    new Gauge({
      name: "llamaduct_redis_up",
      help: "1: limits and cooldowns are shared; 0: this process counts for itself.",
      registers: [registry],
      collect() {
        this.set(isRedisUp() ? 1 : 0);
      },
    });
  return {
    record(request) {
      requests.record(request);
      for (const { deploymentId = "" } of [request, ...(request.failedAttempts ?? [])]) forgetting.see(deploymentId);
    },
    async render() {
      deployments.set(states());
      const body = await registry.metrics();
      // Told once more, so that what happened since it was last asked is not lost.
      await forgetting.forget();
      return { contentType: registry.contentType, body };
    },
  };
}
