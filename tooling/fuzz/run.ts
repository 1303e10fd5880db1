// pnpm fuzz: README.md says what is tried, and how a failure is played again.
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { playRound, type RoundResult } from "./play-round.ts";
import type { Target } from "./target.ts";
import { targets } from "./targets/index.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seed: { type: "string" },
    cases: { type: "string" },
    minutes: { type: "string" },
  },
});
/** A round is what a seed plays: few enough that a failure is there again in seconds. */
const ROUND = 1000;

const chosen = targets.filter(({ name }) => values.only === undefined || values.only.split(",").includes(name));
if (chosen.length === 0) throw new Error(`There are ${targets.map(({ name }) => name).join(", ")}.`);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const minutes = values.minutes === undefined ? undefined : Number(values.minutes) / chosen.length;

const lost: unknown[] = [];
process.on("unhandledRejection", (reason) => lost.push(reason));
process.on("uncaughtException", (error) => lost.push(error));
for (const target of chosen) await play(target);

async function play(target: Target): Promise<void> {
  const started = performance.now();
  const cases = Number(values.cases ?? (minutes === undefined ? target.quick : Number.POSITIVE_INFINITY));
  const until = minutes === undefined ? undefined : started + minutes * 60_000;
  const close = await target.open?.();
  let [played, slowest, next] = [0, 0, 0];
  const playOn = async (): Promise<void> => {
    while (
      process.exitCode === undefined &&
      next * ROUND < cases &&
      performance.now() < (until ?? Number.POSITIVE_INFINITY)
    ) {
      const round = { seed: seed + next, cases: Math.min(ROUND, cases - next * ROUND), until };
      next++;
      const result = await playRound(target, round);
      played += result.played;
      slowest = Math.max(slowest, result.slowest);
      if (result.failure !== undefined || lost.length > 0) report(target, round.seed, result);
    }
  };
  await Promise.all(Array.from({ length: target.parallel ?? 1 }, playOn));
  const left = await close?.();
  if (left !== undefined) fail(`${target.name}: ${left}`);
  const seconds = (performance.now() - started) / 1000;
  const cost = target.parallel === undefined ? `, at most ${slowest.toFixed(1)} ms for one` : "";
  console.log(`${target.name}: ${played} cases from seed ${seed} in ${seconds.toFixed(1)} s${cost}`);
}

function report(target: Target, roundSeed: number, { failure }: RoundResult): void {
  const why = failure?.why ?? `Nobody caught: ${lost.map((error) => (error instanceof Error ? error.stack : error))}`;
  fail(`${target.name}: ${why}\nAgain: pnpm fuzz --only ${target.name} --seed ${roundSeed} --cases ${ROUND}`);
  if (failure === undefined) return;
  const folder = join(tmpdir(), "llamaduct-fuzz");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${target.name}-${roundSeed}`);
  writeFileSync(file, failure.input);
  console.error(`Its input, for tooling/fuzz/corpus/${target.name}: ${file}`);
}

function fail(text: string): void {
  console.error(text);
  process.exitCode = 1;
}
