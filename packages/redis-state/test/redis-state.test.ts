import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { createRedisState } from "../src/index.ts";
import { connected } from "./connected.ts";
import { HAS_REDIS, placeForRedis, startRedis } from "./start-redis.ts";
import { startRelay } from "./start-relay.ts";

// Servers start and die, and a socket has to be idle for seconds.
vi.setConfig({ testTimeout: 30_000 });

const rpm = { key: "a", amount: 1, limit: 3, windowMs: 60_000 };
const WAIT = { timeout: 10_000, interval: 20 };

describe.skipIf(!HAS_REDIS)("createRedisState, where redis-server is installed", () => {
  it("counts for all that have the same namespace", async () => {
    const { url } = await startRedis();
    const [a, b, other] = [
      await connected({ url }),
      await connected({ url }),
      await connected({ url, namespace: "x" }),
    ];
    expect(await a.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 2 });
    expect(await b.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 1 });
    await a.limits.add({ ...rpm, amount: 5 });
    expect(await b.limits.use(rpm)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await other.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 2 });
  });

  it("tells the others of cooldowns and load, and nobody of its own", async () => {
    const { url } = await startRedis();
    const [a, b, other] = [
      await connected({ url }),
      await connected({ url }),
      await connected({ url, namespace: "x" }),
    ];
    a.shared.cool("d", 60_000);
    a.shared.setBusy("d", 2);
    b.shared.setBusy("d", 1);
    await expect.poll(() => [a.shared.busyElsewhere("d"), b.shared.busyElsewhere("d")], WAIT).toEqual([1, 2]);
    expect(b.shared.cooledMs("d")).toSatisfy((ms: number) => ms > 50_000 && ms <= 60_000);
    expect(a.shared.cooledMs("d")).toBe(0);
    expect([other.shared.busyElsewhere("d"), other.shared.cooledMs("d")]).toEqual([0, 0]);
    a.shared.setBusy("d", 0);
    await expect.poll(() => b.shared.busyElsewhere("d"), WAIT).toBe(0);
  });

  it("goes on alone from what it has let through, and comes back, when Redis is killed under load", async () => {
    const redis = await startRedis();
    const state = await connected({ url: redis.url });
    const other = await connected({ url: redis.url });
    await state.limits.use(rpm);
    await other.limits.use(rpm);
    let isOver = false;
    const load = Array.from({ length: 8 }, async () => {
      for (; !isOver; await setImmediate()) await state.limits.use({ ...rpm, key: "load", limit: 1e9 });
    });
    await redis.kill();
    expect(await state.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 1 });
    expect(await state.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await state.limits.use(rpm)).toMatchObject({ allowed: false, remaining: 0 });
    await state.limits.add(rpm);
    expect(state.isUp).toBe(false);
    await redis.start();
    await expect.poll(() => state.isUp && other.isUp, WAIT).toBe(true);
    isOver = true;
    await Promise.all(load);
    expect(await other.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 2 });
    expect(await state.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 1 });
    state.shared.setBusy("d", 1);
    await expect.poll(() => other.shared.busyElsewhere("d"), WAIT).toBe(1);
    expect(state.statuses).toEqual([{ isUp: true }, { isUp: false, reason: expect.any(String) }, { isUp: true }]);
  });

  it("waits once for one that hangs, and comes back when it answers", async () => {
    const redis = await startRedis();
    const relay = await startRelay(Number(new URL(redis.url).port));
    const state = await connected({ url: relay.url, timeoutMs: 500 });
    redis.freeze();
    expect(await Promise.all([state.limits.use(rpm), state.limits.use(rpm)])).toMatchObject([
      { allowed: true, remaining: 2 },
      { allowed: true, remaining: 1 },
    ]);
    expect(state.statuses.at(-1)).toEqual({ isUp: false, reason: "no answer within 500 ms" });
    const before = performance.now();
    for (let count = 0; count < 20; count++) await state.limits.use({ ...rpm, limit: 1e9 });
    expect(performance.now() - before).toBeLessThan(500);
    redis.thaw();
    await expect.poll(() => state.isUp, WAIT).toBe(true);
    expect(relay.connections()).toBe(1);
  });

  it("gives up a connection on which nothing comes any more", async () => {
    const { url } = await startRedis();
    const relay = await startRelay(Number(new URL(url).port));
    const state = await connected({ url: relay.url, timeoutMs: 500 });
    relay.swallow();
    // What it repeats to the others finds out.
    await expect.poll(() => state.isUp, WAIT).toBe(false);
    await expect.poll(() => state.isUp, WAIT).toBe(true);
    expect(relay.connections()).toBe(2);
  });

  it("begins without Redis, and finds it later", async () => {
    const redis = await placeForRedis();
    const state = await connected({ url: redis.url });
    expect(state.statuses).toEqual([{ isUp: false, reason: "ECONNREFUSED" }]);
    expect(await state.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 2 });
    await redis.start();
    await expect.poll(() => state.statuses.at(-1), WAIT).toEqual({ isUp: true });
    expect(await state.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 2 });
  });

  it("authenticates with the URL's password, else with the one beside it", async () => {
    const { url } = await startRedis("--requirepass", "p/s%w@rd");
    const withPassword = url.replace("//", `//:${encodeURIComponent("p/s%w@rd")}@`);
    expect(await connected({ url: withPassword, password: "other" })).toHaveProperty("isUp", true);
    expect(await connected({ url, password: "p/s%w@rd" })).toHaveProperty("isUp", true);
    expect((await connected({ url, password: "wrong" })).statuses).toEqual([{ isUp: false, reason: "WRONGPASS" }]);
    expect((await connected({ url })).statuses).toEqual([{ isUp: false, reason: "NOAUTH" }]);
  });

  it("is away when Redis answers and does not count", async () => {
    const { url } = await startRedis("--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "yes");
    const state = await connected({ url });
    expect(state.statuses).toEqual([{ isUp: false, reason: "READONLY" }]);
    expect(await state.limits.use(rpm)).toMatchObject({ allowed: true, remaining: 2 });
  });
});

it("refuses a URL that leads nowhere, without telling it", async () => {
  for (const url of ["secret", "http://:secret@h", "redis://:secret@h/name", "redis://:secret@h:x"]) {
    const error = await createRedisState({ url }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(JSON.stringify([error, String(error)])).not.toContain("secret");
  }
});
