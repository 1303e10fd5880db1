// node start-up.ts [--check]: how long the built proxy takes from its command to its first listening, and what it holds when
// nobody asks, each as the median of five starts. Beside them, the same of the floor.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Contender, floor, proxy, startUpstream } from "./gateways.ts";
import { residentKiB } from "./processes.ts";

const STARTS = 5;
/** What follows the listening is over by then. */
const REST_MS = 5_000;
const AT_MOST = { startMs: 700, restMiB: 110 };

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const directory = mkdtempSync(join(tmpdir(), "llamaduct-bench-"));
const upstream = await startUpstream();
try {
  const world = { upstream, directory };
  const relay = await measure(() => floor.start(world));
  const us = await measure(() => proxy().start(world));
  const large = await measure(() => proxy({ moreModels: 1000 }).start(world));
  console.log(
    `| | listening after, ms | at rest, MiB |\n| --- | --- | --- |\n${row("floor", relay)}\n${row("us", us)}\n` +
      `${row("us, 1,000 models", large)}\n` +
      `| at most | ${AT_MOST.startMs} | ${AT_MOST.restMiB} |`,
  );
  if (values.check && (us.startMs > AT_MOST.startMs || us.restMiB > AT_MOST.restMiB)) process.exitCode = 1;
} finally {
  await upstream.stop();
  rmSync(directory, { recursive: true });
}

interface Figures {
  readonly startMs: number;
  readonly restMiB: number;
}

async function measure(start: () => ReturnType<Contender["start"]>): Promise<Figures> {
  const rounds: Figures[] = [];
  for (let round = 0; round < STARTS; round++) {
    const startedAt = performance.now();
    const running = await start();
    const startMs = performance.now() - startedAt;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    rounds.push({ startMs, restMiB: residentKiB(running.pid) / 1024 });
    await running.stop();
  }
  return {
    startMs: median(rounds.map((round) => round.startMs)),
    restMiB: median(rounds.map((round) => round.restMiB)),
  };
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

function row(name: string, { startMs, restMiB }: Figures): string {
  return `| ${name} | ${Math.round(startMs)} | ${Math.round(restMiB)} |`;
}
