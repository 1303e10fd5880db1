// pnpm soak: README.md says what is done, and what the figures mean.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Bound } from "./bounds.ts";
import { mixed } from "./mixed.ts";
import { slowloris } from "./slowloris.ts";
import { streams } from "./streams.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    rate: { type: "string" },
    only: { type: "string" },
    out: { type: "string" },
    "debug-port": { type: "string", default: "0" },
  },
});
const debugPort = Number(values["debug-port"]);
const rate = values.rate === undefined ? undefined : Number(values.rate);
const SCENARIOS = {
  mixed: () => mixed({ minutes: Number(values.minutes), rate, debugPort }),
  streams: () => streams(debugPort),
  slowloris: () => slowloris(debugPort),
};

const names = Object.keys(SCENARIOS) as (keyof typeof SCENARIOS)[];
const chosen = names.filter((name) => values.only === undefined || values.only.split(",").includes(name));
if (chosen.length === 0) throw new Error(`There are ${names.join(", ")}.`);
const results: Record<string, { readonly bounds: readonly Bound[] }> = {};
for (const name of chosen) results[name] = await SCENARIOS[name]();

const report = {
  at: new Date().toISOString(),
  node: process.versions.node,
  machine: `${availableParallelism()} × ${cpus()[0]?.model}`,
  load: loadavg().map((load) => Math.round(load * 10) / 10),
  ...results,
};
const text = JSON.stringify(report, undefined, 2);
console.log(text);
if (values.out !== undefined) writeFileSync(values.out, `${text}\n`);
const broken = Object.entries(results).flatMap(([name, { bounds }]) =>
  bounds
    .filter(({ holds }) => !holds)
    .map((bound) => `${name}: ${bound.what}: ${JSON.stringify(bound.value)}, not ${bound.bound}`),
);
for (const line of broken) console.error(line);
process.exitCode = broken.length === 0 ? 0 : 1;
