import { describe, expect, it } from "vitest";
import { createMemoryLimitStore } from "./create-memory-limit-store.ts";

function storeAt(time = { ms: 0 }) {
  return { time, store: createMemoryLimitStore({ now: () => time.ms }) };
}
const rpm = { key: "a", amount: 1, limit: 2, windowMs: 60_000 };

describe("createMemoryLimitStore", () => {
  it("counts what fits, and nothing of what it refuses", async () => {
    const { store } = storeAt();
    expect(await store.use(rpm)).toEqual({ allowed: true, remaining: 1, resetMs: 60_000 });
    expect(await store.use({ ...rpm, amount: 2 })).toEqual({ allowed: false, remaining: 1, resetMs: 60_000 });
    expect(await store.use(rpm)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await store.use(rpm)).toMatchObject({ allowed: false, remaining: 0 });
  });

  it("begins a window with the first use and forgets it when it ends", async () => {
    const { store, time } = storeAt();
    time.ms = 30_000;
    await store.use({ ...rpm, amount: 2 });
    time.ms = 89_999;
    expect(await store.use(rpm)).toEqual({ allowed: false, remaining: 0, resetMs: 1 });
    time.ms = 90_000;
    expect(await store.use(rpm)).toMatchObject({ allowed: true, resetMs: 60_000 });
  });

  it("adds what is known only afterwards, beyond the limit too", async () => {
    const { store } = storeAt();
    await store.add({ key: "a", amount: 5, windowMs: 60_000 });
    expect(await store.use(rpm)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await store.use({ ...rpm, key: "b" })).toMatchObject({ allowed: true });
  });

  it("is one step: uses begun together share a limit", async () => {
    const { store } = storeAt();
    const uses = await Promise.all(Array.from({ length: 10 }, () => store.use(rpm)));
    expect(uses.filter(({ allowed }) => allowed)).toHaveLength(2);
  });

  it("keeps live windows when it sweeps dead ones away", async () => {
    const { store, time } = storeAt();
    for (let index = 0; index < 1000; index++) await store.use({ ...rpm, key: `dead ${index}` });
    time.ms = 59_000;
    await store.use({ ...rpm, key: "live", amount: 2 });
    time.ms = 60_000;
    for (let index = 0; index < 100; index++) await store.use({ ...rpm, key: `new ${index}` });
    expect(await store.use({ ...rpm, key: "live" })).toMatchObject({ allowed: false });
  });
});
