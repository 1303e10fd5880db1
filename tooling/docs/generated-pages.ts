// Pages, or parts of them, that are made from code or from results. Without arguments compares; --write updates.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { QUOTING, withQuote } from "../../benchmarks/quote.ts";
import { readResults, toPage } from "../../benchmarks/save-results.ts";
import { errorsPage } from "../errors-page.ts";
import { report, root } from "../workspace.ts";
import { commandLineReference } from "./command-line-reference.ts";
import { configReference } from "./config-reference.ts";
import { reliabilityPage } from "./reliability-page.ts";

const PAGES: Readonly<Record<string, () => string>> = {
  "docs/errors.md": errorsPage,
  "docs/reliability.md": reliabilityPage,
  "docs/reference/command-line.md": commandLineReference,
  "docs/reference/config.md": configReference,
  ...Object.fromEntries(QUOTING.map((page) => [page, () => withQuote(page)])),
  ...Object.fromEntries(
    savedRuns().map((name) => [`benchmarks/results/${name}.md`, () => toPage(name, readResults(name))]),
  ),
};

/** A finding for each page that is not what the code says now. */
export function outdatedPages(): readonly string[] {
  return Object.entries(PAGES)
    .filter(([file, page]) => readFileSync(join(root, file), "utf8") !== page())
    .map(([file]) => `${file} is not what the code says: run node tooling/docs/generated-pages.ts --write`);
}

function savedRuns(): readonly string[] {
  const folder = join(root, "benchmarks/results");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith(".json")).map((file) => file.replace(".json", ""));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (process.argv.includes("--write"))
    for (const [file, page] of Object.entries(PAGES)) writeFileSync(join(root, file), page());
  report("generated-pages", outdatedPages());
}
