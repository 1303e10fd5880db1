import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import type { Measure } from "./measures/measure.ts";
import { type Played, type Round, TOO_FOREIGN } from "./play-rounds.ts";
import { canPin, GATEWAY_CPU, OTHERS_CPU } from "./processes.ts";
import type { Scenario, Target } from "./scenarios.ts";

/** What is kept of a run: all that its table and its chart are made of. */
export interface Results {
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  readonly pinned: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly scenarios: readonly ScenarioResult[];
}

export interface ScenarioResult extends Played, Pick<Scenario, "name" | "title" | "less" | "also" | "targets"> {
  readonly measure: Pick<Measure, "unit" | "better" | "operation">;
}

/** The middle of the rounds, and their ends. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** A gateway that has more of its CPU than this to itself is the limit, whatever the load does. */
const BUSY = 0.9;
/** A load that has used this much of its own CPU could not give more. */
const SPENT = 0.95;

export function describeRun(versions: Readonly<Record<string, string>>): Omit<Results, "scenarios"> {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: import.meta.dirname })
    .toString()
    .trim();
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    command: ["node", "benchmarks/run.ts", ...process.argv.slice(2)].join(" "),
    machine: `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()}`,
    pinned: canPin() ? `gateway on CPU ${GATEWAY_CPU}, all else on CPU ${OTHERS_CPU}` : "not pinned: rough figures",
    versions: { commit, node: process.versions.node, undici: versionOf("undici"), ...versions },
  };
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
}

/** Who has figures, but for the one that is taken off. */
export function namesOf({ rounds, less }: ScenarioResult): readonly string[] {
  return [...new Set(rounds.flatMap((round) => Object.keys(round)))].filter((name) => name !== less).toSorted();
}

/** Whom all are compared with: the relay, else the other request, else ourselves. */
export function baseOf(result: ScenarioResult): string | undefined {
  const names = namesOf(result);
  return ["floor", result.also?.name, "us"].find((name) => name !== undefined && names.includes(name));
}

/** A gateway's figure: what it added, where the upstream's part is known. */
export function figure(result: ScenarioResult, name: string): Spread {
  return spread(result.rounds.map((round) => value(result, round, name)));
}

/**
 * How many times as good as another we are, or whatever `name` is: 2 is twice as fast, or half as much. Compared within
 * each round, since noise from outside touches both of one.
 */
export function advantage(result: ScenarioResult, name: string, other: string): Spread {
  const ratios = result.rounds.map((round) => value(result, round, name) / value(result, round, other));
  return spread(result.measure.better === "more" ? ratios : ratios.map((ratio) => 1 / ratio));
}

/** What the target is about, in its own sense: our figure, or ours ÷ theirs. `NaN` where there is none. */
export function judged(result: ScenarioResult, { against }: Target): number {
  if (against === undefined) return figure(result, "us").median;
  return spread(result.rounds.map((round) => value(result, round, "us") / value(result, round, against))).median;
}

/** `undefined` when that other one was not there. */
export function holds(result: ScenarioResult, target: Target): boolean | undefined {
  const seen = judged(result, target);
  if (Number.isNaN(seen)) return undefined;
  return seen >= (target.atLeast ?? Number.NEGATIVE_INFINITY) && seen <= (target.atMost ?? Number.POSITIVE_INFINITY);
}

/** Why a figure says little, if so. */
export function doubts(result: ScenarioResult, name: string): string | undefined {
  const of = (key: "own" | "load" | "foreign") =>
    spread(result.rounds.map((round) => round[name]?.[key] ?? Number.NaN)).median;
  if (of("foreign") > TOO_FOREIGN) return "others were busy";
  const isLimited = result.measure.unit.endsWith("/s") && of("load") > SPENT && of("own") < BUSY;
  return isLimited ? "the load was the limit" : undefined;
}

/** In the measure's unit, without the part of the upstream. */
function value({ less }: ScenarioResult, round: Round, name: string): number {
  return (round[name]?.value ?? Number.NaN) - (less === undefined ? 0 : (round[less]?.value ?? Number.NaN));
}

/** Rounds without the figure are left out. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.filter((each) => !Number.isNaN(each)).toSorted((a, b) => a - b);
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { median: (lower + upper) / 2, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}
