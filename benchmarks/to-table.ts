import type { Round, Sample, Scenario } from "./measure.ts";

export interface Result {
  readonly scenario: Scenario;
  readonly rounds: readonly Round[];
}

const HEAD = [
  "scenario",
  "floor, lines/s",
  "us, lines/s",
  "ratio (min–max)",
  "CPU µs/line: floor, us",
  "CPU ratio",
  "CPU used: floor, us",
  "by others",
];

/** One row per scenario, as Markdown; every figure is the median of the rounds. */
export function toTable(results: readonly Result[]): string {
  const rows = [HEAD, HEAD.map(() => "---"), ...results.map(toRow)];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The ratio within each round is what noise from outside touches least; of these the median. */
export function medianRatio(rounds: readonly Round[]): number {
  return median(rounds.map(toRatio));
}

/** Share of the gateway's CPU that was not to be had; above a fifth the figures are rough. */
export function foreignShare(rounds: readonly Round[]): number {
  return median(rounds.flatMap(({ floor, us }) => [floor.foreign, us.foreign]));
}

function toRow({ scenario, rounds }: Result): readonly string[] {
  const ratios = rounds.map(toRatio).toSorted((a, b) => a - b);
  const floor = (value: (sample: Sample) => number) => median(rounds.map((round) => value(round.floor)));
  const us = (value: (sample: Sample) => number) => median(rounds.map((round) => value(round.us)));
  return [
    scenario.model,
    thousands(floor((sample) => sample.linesPerSecond)),
    thousands(us((sample) => sample.linesPerSecond)),
    `${median(ratios).toFixed(2)} (${ratios.at(0)?.toFixed(2)}–${ratios.at(-1)?.toFixed(2)})`,
    `${floor((sample) => sample.cpuUs).toFixed(2)}, ${us((sample) => sample.cpuUs).toFixed(2)}`,
    median(rounds.map((round) => round.floor.cpuUs / round.us.cpuUs)).toFixed(2),
    `${percent(floor((sample) => sample.own))}, ${percent(us((sample) => sample.own))}`,
    percent(foreignShare(rounds)),
  ];
}

function toRatio({ floor, us }: Round): number {
  return us.linesPerSecond / floor.linesPerSecond;
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}
