// How long a routing decision takes: 100 hosts that each have 1,000 models, all of them possible for every request.
// node --conditions=@llamaduct/source routing.ts

import type { Capabilities } from "../packages/core/src/index.ts";
import { createBalancer, type Member, type Strategy } from "../packages/router/src/index.ts";

const HOSTS = 100;
const MODELS = 1000;
const DECISIONS = 50_000;

const models = Array.from({ length: MODELS }, (_, index) => `model-${index}:latest`);
const unknown = "unknown" as const;
const capabilities: Capabilities = {
  tools: unknown,
  jsonSchema: unknown,
  reasoning: unknown,
  images: unknown,
  suffix: unknown,
  embeddings: unknown,
};
const members: readonly Member[] = Array.from({ length: HOSTS }, (_, index) => ({
  id: `host-${index}`,
  group: "*",
  host: `host-${index}`,
  routing: { maxParallelRequests: 4, weight: 1 + (index % 3) },
  status: async () => ({
    models: models.map((id) => ({ id, capabilities })),
    loaded: models.slice(index * 10, index * 10 + 3).map((id) => ({ id, contextLength: 4096 })),
    toKey: (id: string) => (id.includes(":") ? id : `${id}:latest`),
  }),
}));

const strategies: readonly Strategy[] = [
  "simple-shuffle",
  "least-busy",
  "latency-based-routing",
  "usage-based-routing-v2",
  "warm-first",
];
// The compiler learns from the first.
await measure("simple-shuffle", members);
for (const strategy of strategies) {
  // What one host costs is the attempt's: its slot, its meter, its promises.
  const [all, alone] = [await measure(strategy, members), await measure(strategy, members.slice(0, 1))];
  console.log(`${strategy}: ${(all - alone).toFixed(1)} µs a decision, ${all.toFixed(1)} µs with the attempt`);
}

/** Microseconds of the processor, not of the clock: others may be busy here, too. */
async function measure(strategy: Strategy, members: readonly Member[]): Promise<number> {
  const candidatesOf = (modelId: string) => members.map((member) => ({ member, modelId }));
  const balancer = createBalancer({
    members,
    resolve: (name) => ({ name, candidates: candidatesOf(name) }),
    options: { strategy },
  });
  // Every host has told what it has.
  await new Promise(setImmediate);
  const decide = (index: number) =>
    balancer.run(
      { model: models[index % MODELS] ?? "", contextLength: () => 4096 },
      async ({ candidate }) => candidate,
    );
  // The first decisions about a model learn its names: that is not what is measured.
  for (let index = 0; index < 2 * MODELS; index++) await decide(index);
  const before = process.cpuUsage();
  for (let index = 0; index < DECISIONS; index++) await decide(index * 7);
  const microseconds = process.cpuUsage(before).user / DECISIONS;
  balancer.close();
  return microseconds;
}
