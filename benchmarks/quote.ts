import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { advantage, figure, namesOf, type Results, type ScenarioResult } from "./results.ts";

const ROOT = join(import.meta.dirname, "..");
/** Of the run beside the peers: what pages quote. */
const QUOTED = "benchmarks/results/peers";
const [START, END] = ["<!-- benchmarks -->", "<!-- /benchmarks -->"];
const COLUMNS = [
  ["floor", "byte relay"],
  ["fastify", "Fastify"],
  ["ollama", "Ollama's own `/v1`"],
  ["portkey", "Portkey"],
  ["litellm", "LiteLLM"],
] as const;

/** The pages that quote the last results. */
export const QUOTING: readonly string[] = ["README.md", "benchmarks/README.md"];

/** A page with what it quotes between its marks brought up to date. */
export function withQuote(page: string): string {
  const text = readFileSync(join(ROOT, page), "utf8");
  const [before, rest] = text.split(START, 2);
  const after = rest?.split(END, 2)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has no ${START} … ${END}.`);
  const file = join(ROOT, `${QUOTED}.json`);
  if (!existsSync(file)) return text;
  const link = page.startsWith("benchmarks/") ? QUOTED.slice("benchmarks/".length) : QUOTED;
  return `${before}${START}\n${toQuote(JSON.parse(readFileSync(file, "utf8")), link)}\n${END}${after}`;
}

/** Ratios only, and where they come from. */
export function toQuote(results: Results, link: string): string {
  const { scenarios, date, machine, pinned, versions, command } = results;
  const compared = scenarios.filter(
    (result) => result.also === undefined && namesOf(result).includes("us") && !result.measure.unit.startsWith("%"),
  );
  const rows = compared.map((result) => [result.title, ...COLUMNS.map(([name]) => cell(result, name))]);
  const table = [
    ["how many times as good as", ...COLUMNS.map(([, title]) => title)],
    ["---", ...COLUMNS.map(() => "---:")],
    ...rows,
  ];
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    table.map((cells) => `| ${cells.join(" | ")} |`).join("\n"),
    "",
    ...scenarios.filter(({ measure, rounds }) => measure.unit.startsWith("%") && rounds.length > 0).map(shares),
    `Medians of one run, [every round](${link}.md) ([JSON](${link}.json)): ${date} UTC, ${machine}, ${pinned}; ${named.join(", ")};`,
    `\`${command}\``,
  ].join("\n");
}

function cell(result: ScenarioResult, other: string): string {
  if (result.failures[other] !== undefined) return "fails";
  const { median } = advantage(result, "us", other);
  if (!Number.isFinite(median)) return "";
  return median >= 10 ? String(Math.round(median)) : median.toPrecision(2);
}

/** Of nothing there is no ratio. */
function shares(result: ScenarioResult): string {
  const names = namesOf(result).map((name) => `${name} ${Math.round(figure(result, name).median)}`);
  return `${result.title}, ${result.measure.unit}: ${names.join(", ")}.\n`;
}
