import { createRouter } from "../src/create-router.ts";
import type { Strategy } from "../src/routing-options.ts";
import { type FakeHost, fakeHost } from "./fake-host.ts";
import { seededRandom } from "./random.ts";
import { virtualClock } from "./virtual-clock.ts";

export interface SimulationOptions {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly hosts: number;
  readonly models: number;
  /** Models that fit in a host's memory at once. */
  readonly memory: number;
  /** Requests a host works on at once. */
  readonly slots: number;
  readonly requests: number;
  /** Between two requests, on average; they come at random. */
  readonly everyMs: number;
  readonly loadMs: number;
  /** Of one answer, on average. */
  readonly serviceMs: number;
  /** A host dies after a third of the requests and is back after two thirds. */
  readonly hasOutage?: boolean;
}

export interface SimulationResult {
  readonly loadsPer1000: number;
  /** From a request to its first part, milliseconds. */
  readonly p50WaitMs: number;
  readonly p95WaitMs: number;
  readonly errors: number;
}

/** The real router in front of hosts that are played, in virtual time: the same seed gives the same result. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { strategy, seed, memory, slots, loadMs, serviceMs, everyMs } = options;
  const clock = virtualClock();
  const random = seededRandom(seed);
  const models = Array.from({ length: options.models }, (_, index) => `model-${index}`);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const hosts = Array.from({ length: options.hosts }, (_, index) =>
    fakeHost({ clock, name: `host-${index}`, models, memory, slots, loadMs, serviceMs: () => exponential(serviceMs) }),
  );
  const router = createRouter({
    deployments: hosts.map(({ provider }) => ({ provider })),
    routing: { strategy, maxParallelRequests: slots, queue: { length: 1000, deadlineMs: 600_000 } },
    clock,
    random: seededRandom(seed + 1),
  });

  const waits: number[] = [];
  let errors = 0;
  const ask = async (model: string) => {
    const askedAt = clock.now();
    try {
      let isFirst = true;
      for await (const _ of router.chatModel?.(model).stream({ messages: [] }) ?? []) {
        if (isFirst) waits.push(clock.now() - askedAt);
        isFirst = false;
      }
    } catch {
      errors++;
    }
  };

  const running: Promise<void>[] = [];
  for (let index = 0; index < options.requests; index++) {
    if (options.hasOutage === true) playOutage(hosts[0], index / options.requests);
    running.push(ask(models[popular(random(), models.length)] ?? ""));
    await clock.advance(exponential(everyMs));
  }
  await clock.drain();
  await Promise.all(running);
  router.close();

  const loads = hosts.reduce((sum, host) => sum + host.loads, 0);
  const sorted = waits.sort((a, b) => a - b);
  const quantile = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return {
    loadsPer1000: Math.round((loads / options.requests) * 1000),
    p50WaitMs: quantile(0.5),
    p95WaitMs: quantile(0.95),
    errors,
  };
}

/** The first models are asked for most: half as often each time. */
function popular(random: number, count: number): number {
  const weights = Array.from({ length: count }, (_, index) => 1 / (index + 1));
  let left = random * weights.reduce((sum, weight) => sum + weight);
  return weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
}

function playOutage(host: FakeHost | undefined, progress: number): void {
  if (host !== undefined)
    host.failure = progress > 1 / 3 && progress < 2 / 3 ? "upstream_connection_failed" : undefined;
}
