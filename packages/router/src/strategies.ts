import type { LatencyOptions, RoutingOptions, Strategy } from "./routing-options.ts";

export interface Strategies {
  strategyOf(group: string): { readonly strategy: Strategy; readonly latency: LatencyOptions | undefined };
  latencyOf(group: string): LatencyOptions | undefined;
}

/** Which group is spread how. Throws an `Error` for a group that stands in two routing groups. */
export function createStrategies({
  strategy = "simple-shuffle",
  latency,
  routingGroups = [],
}: RoutingOptions): Strategies {
  const own = new Map<string, { readonly strategy: Strategy; readonly latency: LatencyOptions | undefined }>();
  for (const { name, models, strategy, latency } of routingGroups) {
    for (const model of models) {
      if (own.has(model)) throw new Error(`Routing group "${name}": "${model}" stands in another one, too.`);
      own.set(model, { strategy, latency });
    }
  }
  const common = { strategy, latency };
  return {
    strategyOf: (group) => own.get(group) ?? common,
    latencyOf: (group) => (own.get(group) ?? common).latency,
  };
}
