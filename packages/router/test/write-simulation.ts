// Runs the simulation and writes its results into docs/routing.md and docs/routing-simulation.svg:
// node --conditions=@llamaduct/source packages/router/test/write-simulation.ts

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Strategy } from "../src/routing-options.ts";
import { type SimulationResult, simulate } from "./simulation.ts";

const docs = join(import.meta.dirname, "../../../docs");
const strategies: readonly Strategy[] = [
  "simple-shuffle",
  "least-busy",
  "latency-based-routing",
  "usage-based-routing-v2",
  "warm-first",
];
const farm = { hosts: 4, models: 8, memory: 3, slots: 2, requests: 5000, loadMs: 10_000, serviceMs: 1500, seed: 1 };
const scenarios = [
  { title: "one every two seconds", everyMs: 2000 },
  { title: "one a second", everyMs: 1000 },
  { title: "one a second, a host away", everyMs: 1000, hasOutage: true },
];

interface Row {
  readonly strategy: Strategy;
  /** One for each scenario. */
  readonly results: readonly SimulationResult[];
}

const rows: Row[] = [];
for (const strategy of strategies) {
  const results: SimulationResult[] = [];
  for (const { title: _, ...scenario } of scenarios) results.push(await simulate({ ...farm, ...scenario, strategy }));
  rows.push({ strategy, results });
}

const page = readFileSync(join(docs, "routing.md"), "utf8");
const [start, end] = ["<!-- simulation -->", "<!-- /simulation -->"];
const [before, after] = [page.split(start)[0], page.split(end)[1]];
if (before === undefined || after === undefined) throw new Error(`docs/routing.md has no ${start} … ${end}.`);
writeFileSync(join(docs, "routing.md"), `${before}${start}\n${toTable(rows)}\n${end}${after}`);
writeFileSync(join(docs, "routing-simulation.svg"), toChart(rows));

function toTable(rows: readonly Row[]): string {
  const head = scenarios.map(({ title }) => ` loads, ${title} | p95 wait |`).join("");
  const lines = rows.map(({ strategy, results }) => {
    const cells = results.map(({ loadsPer1000, p95WaitMs }) => ` ${loadsPer1000} | ${toSeconds(p95WaitMs)} |`);
    return `| \`${strategy}\` |${cells.join("")}`;
  });
  return [`| strategy |${head}`, `|---|${"---:|---:|".repeat(scenarios.length)}`, ...lines].join("\n");
}

function toSeconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** Bars of model loads in the first scenario's world and the others', one group of bars a scenario. */
function toChart(rows: readonly Row[]): string {
  const [width, barHeight, gap, left] = [720, 16, 34, 190];
  const most = Math.max(...rows.flatMap(({ results }) => results.map(({ loadsPer1000 }) => loadsPer1000)));
  let y = 34;
  const shapes: string[] = [`<text x="0" y="16" class="title">Model loads per 1,000 requests</text>`];
  for (const [index, { title }] of scenarios.entries()) {
    shapes.push(`<text x="0" y="${y + 12}" class="scenario">${title}</text>`);
    y += 20;
    for (const { strategy, results } of rows) {
      const loads = results[index]?.loadsPer1000 ?? 0;
      const length = Math.max(1, Math.round((loads / most) * (width - left - 60)));
      const kind = strategy === "warm-first" ? "own" : "other";
      shapes.push(`<text x="${left - 8}" y="${y + 12}" class="name">${strategy}</text>`);
      shapes.push(`<rect x="${left}" y="${y}" width="${length}" height="${barHeight - 3}" class="${kind}"/>`);
      shapes.push(`<text x="${left + length + 6}" y="${y + 12}">${loads}</text>`);
      y += barHeight;
    }
    y += gap - barHeight;
  }
  const style =
    "text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-size:14px;font-weight:600}.scenario{font-style:italic}" +
    ".name{text-anchor:end}.own{fill:#1a7f37}.other{fill:#8c959f}" +
    "@media (prefers-color-scheme:dark){text{fill:#9198a1}.own{fill:#3fb950}.other{fill:#656c76}}";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-label="Model loads per 1,000 requests, by strategy">`,
    `<style>${style}</style>`,
    ...shapes,
    "</svg>",
    "",
  ].join("\n");
}
