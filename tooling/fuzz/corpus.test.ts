import { describe, expect, it, onTestFinished } from "vitest";
import { corpus } from "./corpus.ts";
import { targets } from "./targets/index.ts";

/** Ways to cut an input. */
const SEEDS = 40;

describe.each(targets)("the corpus of $name", (target) => {
  it("still passes", async () => {
    const close = await target.open?.();
    onTestFinished(async () => expect(await close?.()).toBeUndefined());
    for (const { name, bytes } of corpus(target.name))
      for (let seed = 0; seed < SEEDS; seed++) await passes(name, () => target.check(bytes, seed));
  });
});

async function passes(name: string, check: () => Promise<void> | void): Promise<void> {
  try {
    await check();
  } catch (cause) {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
