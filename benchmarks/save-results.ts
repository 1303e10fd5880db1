// node save-results.ts NAME…: makes the pages and charts of results again from their JSON.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { QUOTING, withQuote } from "./quote.ts";
import type { Results } from "./results.ts";
import { toChart } from "./to-chart.ts";
import { toMarkdown } from "./to-markdown.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(import.meta.dirname, "results");

/** The run itself, and what people read of it; the pages that quote it. */
export function saveResults(name: string, results: Results): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(results, toRounded, 1)}\n`);
  writeFileSync(join(FOLDER, `${name}.md`), toPage(name, readResults(name)));
  writeFileSync(join(FOLDER, `${name}.svg`), toChart(readResults(name)));
  for (const page of QUOTING) writeFileSync(join(ROOT, page), withQuote(page));
}

export function readResults(name: string): Results {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));
}

export function toPage(name: string, results: Results): string {
  return `# ${name}\n\n![${name}](${name}.svg)\n\n${toMarkdown(results)}\n`;
}

/** More digits say nothing. */
function toRounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  for (const name of process.argv.slice(2)) saveResults(name, readResults(name));
