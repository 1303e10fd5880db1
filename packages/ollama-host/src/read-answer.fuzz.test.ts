import { expect, it } from "vitest";
import { CHAT, GENERATE, outcome } from "../test/answer-outcome.ts";
import { randomAnswer } from "../test/random-answer.ts";
import { readAnswer, readEvents } from "./read-events.ts";

/** `pnpm fuzz --only ndjson` plays many more. */
const CASES = 5_000;

it.each([
  ["chat", CHAT, (json: string) => `"message":{"role":"assistant","content":${json}}`],
  ["generate", GENERATE, (json: string) => `"response":${json}`],
])("random answers of %s are read as parsing every line does, wherever they are cut", async (_, format, toLine) => {
  for (let seed = 1; seed <= CASES; seed++) {
    const pick = random(seed);
    const body = randomAnswer(pick, toLine);
    const fast = await outcome(readAnswer(cut(body, pick), format));
    const slow = await outcome(readEvents(cut(body, pick), format));
    expect(fast, `seed ${seed}: ${JSON.stringify(body.toString("latin1"))}`).toEqual(slow);
  }
});

async function* cut(body: Uint8Array, pick: (below: number) => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; ) {
    const end = Math.min(body.length, at + 1 + pick(pick(2) === 0 ? 4 : 400));
    yield body.subarray(at, end);
    at = end;
  }
}

/** Mulberry32: `pick(n)` gives an integer from 0 to n - 1. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
