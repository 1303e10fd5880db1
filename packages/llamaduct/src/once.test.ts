import { expect, it } from "vitest";
import { once } from "./once.ts";

it("loads once for all who ask, also while it loads", async () => {
  let loads = 0;
  const load = once(async () => ++loads);
  expect(await Promise.all([load(), load()])).toEqual([1, 1]);
  expect(await load()).toBe(1);
});

it("tries again after a failure, which everybody who waited is told", async () => {
  let loads = 0;
  const load = once(async () => {
    if (++loads === 1) throw new Error("no such file");
    return loads;
  });
  const [first, second] = [load(), load()];
  await expect(first).rejects.toThrow("no such file");
  await expect(second).rejects.toThrow("no such file");
  expect(await load()).toBe(2);
});
