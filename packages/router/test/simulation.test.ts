import { describe, expect, it } from "vitest";
import type { Strategy } from "../src/routing-options.ts";
import { type SimulationOptions, type SimulationResult, simulate } from "./simulation.ts";

const farm = { seed: 1, hosts: 4, models: 8, memory: 3, slots: 2, requests: 600, loadMs: 10_000, serviceMs: 1500 };
const others: readonly Strategy[] = ["simple-shuffle", "least-busy", "latency-based-routing", "usage-based-routing-v2"];

async function best(options: Omit<SimulationOptions, "strategy">): Promise<SimulationResult> {
  const results = await Promise.all(others.map((strategy) => simulate({ ...options, strategy })));
  const least = (of: (result: SimulationResult) => number) => Math.min(...results.map(of));
  return {
    loadsPer1000: least(({ loadsPer1000 }) => loadsPer1000),
    p50WaitMs: least(({ p50WaitMs }) => p50WaitMs),
    p95WaitMs: least(({ p95WaitMs }) => p95WaitMs),
    errors: least(({ errors }) => errors),
  };
}

// Virtual time, and real work: how long it takes is the machine's.
describe("warm-first, where models are many and memory is short", { timeout: 60_000 }, () => {
  it.each([
    ["calm", { everyMs: 1000 }, 10, 4],
    ["busy", { everyMs: 500 }, 10, 10],
    ["a host dies and comes back", { everyMs: 1000, hasOutage: true }, 5, 2],
  ])("%s, %j: loads are a %d-th of the best other strategy's at most, waits a %d-th", async (_, more, loads, waits) => {
    const warm = await simulate({ ...farm, ...more, strategy: "warm-first" });
    const other = await best({ ...farm, ...more });
    expect(warm.loadsPer1000).toBeLessThanOrEqual(other.loadsPer1000 / loads);
    expect(warm.p95WaitMs).toBeLessThanOrEqual(other.p95WaitMs / waits);
    expect(warm.errors).toBe(0);
  });

  it("one model for all: is copied to as many hosts as it needs", async () => {
    const hot = { ...farm, models: 1, memory: 1, everyMs: 300 };
    const warm = await simulate({ ...hot, strategy: "warm-first" });
    expect(warm.p95WaitMs).toBeLessThan(15_000);
    expect(warm.loadsPer1000).toBeLessThanOrEqual(8);
  });

  it("is the same for the same seed", async () => {
    const options = { ...farm, requests: 100, everyMs: 500, strategy: "warm-first" } as const;
    expect(await simulate(options)).toEqual(await simulate(options));
  });
});
