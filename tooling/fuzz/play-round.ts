import fc from "fast-check";
import type { Target } from "./target.ts";

export interface Round {
  readonly seed: number;
  readonly cases: number;
  /** In milliseconds of `performance.now()`. */
  readonly until?: number | undefined;
}

export interface RoundResult {
  readonly played: number;
  /** Milliseconds of the input that took the longest. */
  readonly slowest: number;
  readonly failure?: { readonly input: Uint8Array; readonly why: string } | undefined;
}

/** The most that one input may cost, in milliseconds of CPU. */
const MAX_CPU_MS = 50;
const AGAIN = 3;

/** Gives a target some cases, which the seed settles, and shrinks the first that fails. */
export async function playRound(target: Target, { seed, cases, until }: Round): Promise<RoundResult> {
  let slowest = 0;
  const inputs = fc.tuple(target.inputs, fc.nat());
  const property = fc.asyncProperty(inputs, async ([input, cutSeed]) => {
    const started = performance.now();
    await target.check(input, cutSeed);
    const took = performance.now() - started;
    if (target.parallel !== undefined) return;
    const cost = took > MAX_CPU_MS ? await cpuAgain(() => target.check(input, cutSeed)) : took;
    if (cost > MAX_CPU_MS) throw new Error(`${input.length} bytes took ${Math.round(cost)} ms of CPU.`);
    slowest = Math.max(slowest, cost);
  });
  const limit = until === undefined ? {} : { interruptAfterTimeLimit: Math.max(1, until - performance.now()) };
  const details = await fc.check(property, { seed, numRuns: cases, ...limit });
  // An interruption is how a round ends when its time is over.
  if (!details.failed || details.counterexample === null) return { played: details.numRuns, slowest };
  const [[input]] = details.counterexample;
  const { errorInstance: error } = details;
  return { played: details.numRuns, slowest, failure: { input, why: String((error as Error)?.stack ?? error) } };
}

/** The first time may have had a garbage collection in it, or the machine to share: the least of some more counts. */
async function cpuAgain(run: () => Promise<void> | void): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < AGAIN && least > MAX_CPU_MS; time++) {
    const before = process.threadCpuUsage();
    await run();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
