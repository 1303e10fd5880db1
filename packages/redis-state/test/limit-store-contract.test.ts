import { createMemoryLimitStore, type LimitStore } from "@llamaduct/router";
import { createClient } from "redis";
import { describe, expect, it, onTestFinished } from "vitest";
import { connected } from "./connected.ts";
import { HAS_REDIS, startRedis } from "./start-redis.ts";

interface Case {
  readonly store: LimitStore;
  /** As if so much time went by. */
  pass(ms: number): Promise<void>;
}

async function inMemory(): Promise<Case> {
  let now = 0;
  const store = createMemoryLimitStore({ now: () => now });
  return {
    store,
    pass: async (ms) => {
      now += ms;
    },
  };
}

async function inRedis(): Promise<Case> {
  const { url } = await startRedis();
  const { limits: store } = await connected({ url });
  const client = createClient({ url });
  await client.connect();
  onTestFinished(() => client.destroy());
  return {
    store,
    async pass(ms) {
      for (const key of await client.keys("*")) await client.pExpire(key, (await client.pTTL(key)) - ms);
    },
  };
}

const rpm = { key: "a", amount: 1, limit: 2, windowMs: 60_000 };
/** Redis' clock goes on meanwhile. */
const about = (ms: number) => expect.toSatisfy((actual: number) => actual <= ms && actual > ms - 10_000);

describe.each([
  ["memory", inMemory],
  ["Redis, where redis-server is installed", inRedis],
])("a limit store in %s", (_, open) => {
  const test = it.skipIf(open === inRedis && !HAS_REDIS);

  test("counts what fits, and nothing of what it refuses", async () => {
    const { store } = await open();
    expect(await store.use(rpm)).toEqual({ allowed: true, remaining: 1, resetMs: about(60_000) });
    expect(await store.use({ ...rpm, amount: 2 })).toEqual({ allowed: false, remaining: 1, resetMs: about(60_000) });
    expect(await store.use(rpm)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await store.use(rpm)).toMatchObject({ allowed: false, remaining: 0 });
  });

  test("begins a window with the first use and forgets it when it ends", async () => {
    const { store, pass } = await open();
    await store.use({ ...rpm, amount: 2 });
    await pass(30_000);
    expect(await store.use(rpm)).toEqual({ allowed: false, remaining: 0, resetMs: about(30_000) });
    await pass(30_000);
    expect(await store.use(rpm)).toEqual({ allowed: true, remaining: 1, resetMs: about(60_000) });
  });

  test("begins one with a use that it refuses, too", async () => {
    const { store, pass } = await open();
    expect(await store.use({ ...rpm, amount: 3 })).toMatchObject({ allowed: false, remaining: 2 });
    await pass(30_000);
    expect(await store.use(rpm)).toEqual({ allowed: true, remaining: 1, resetMs: about(30_000) });
  });

  test("adds what is known only afterwards, beyond the limit too, or takes it back", async () => {
    const { store } = await open();
    await store.add({ key: "a", amount: 5, windowMs: 60_000 });
    expect(await store.use(rpm)).toMatchObject({ allowed: false, remaining: 0 });
    await store.add({ key: "a", amount: -4, windowMs: 60_000 });
    expect(await store.use(rpm)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await store.use({ ...rpm, key: "b" })).toMatchObject({ allowed: true });
  });

  test("counts parts and large numbers", async () => {
    const { store } = await open();
    const tpm = { ...rpm, limit: 2 ** 40 };
    expect(await store.use({ ...tpm, amount: 0.5 })).toMatchObject({ remaining: 2 ** 40 - 0.5 });
    expect(await store.use({ ...tpm, amount: 2 ** 39 })).toMatchObject({ remaining: 2 ** 39 - 0.5 });
    expect(await store.use({ ...tpm, amount: 2 ** 39 })).toMatchObject({ allowed: false });
  });

  test("is one step: uses begun together share a limit", async () => {
    const { store } = await open();
    const uses = await Promise.all(Array.from({ length: 10 }, () => store.use(rpm)));
    expect(uses.filter(({ allowed }) => allowed)).toHaveLength(2);
  });
});
