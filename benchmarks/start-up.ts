// node start-up.ts [--check]: how long the built proxy takes from its command to its first listening, and what it holds when
// nobody asks, each as the median of five starts. Beside them, the same of the floor.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startFloor, startProxy, startUpstream } from "./gateways.ts";
import type { Running } from "./processes.ts";

const STARTS = 5;
/** What follows the listening is over by then. */
const REST_MS = 5_000;
const AT_MOST = { startMs: 700, restMiB: 110 };

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const directory = mkdtempSync(join(tmpdir(), "llamaduct-bench-"));
const upstream = await startUpstream();
try {
  const floor = await measure(() => startFloor(upstream));
  const us = await measure(() =>
    startProxy(upstream, { models: ["line-500"], config: join(directory, "config.yaml") }),
  );
  console.log(
    `| | listening after, ms | at rest, MiB |\n| --- | --- | --- |\n${row("floor", floor)}\n${row("us", us)}\n` +
      `| at most | ${AT_MOST.startMs} | ${AT_MOST.restMiB} |`,
  );
  if (values.check && (us.startMs > AT_MOST.startMs || us.restMiB > AT_MOST.restMiB)) process.exitCode = 1;
} finally {
  upstream.stop();
  rmSync(directory, { recursive: true });
}

interface Figures {
  readonly startMs: number;
  readonly restMiB: number;
}

async function measure(start: () => Promise<Running>): Promise<Figures> {
  const rounds: Figures[] = [];
  for (let round = 0; round < STARTS; round++) {
    const startedAt = performance.now();
    const running = await start();
    const startMs = performance.now() - startedAt;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    rounds.push({ startMs, restMiB: residentMiB(running.pid) });
    running.stop();
  }
  return {
    startMs: median(rounds.map((round) => round.startMs)),
    restMiB: median(rounds.map((round) => round.restMiB)),
  };
}

function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return Number(kib) / 1024;
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

function row(name: string, { startMs, restMiB }: Figures): string {
  return `| ${name} | ${Math.round(startMs)} | ${Math.round(restMiB)} |`;
}
