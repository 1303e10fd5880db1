// Pages of docs/ that are made from code. Without arguments compares; --write updates.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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
};

/** A finding for each page that is not what the code says now. */
export function outdatedPages(): readonly string[] {
  return Object.entries(PAGES)
    .filter(([file, page]) => readFileSync(join(root, file), "utf8") !== page())
    .map(([file]) => `${file} is not what the code says: run node tooling/docs/generated-pages.ts --write`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (process.argv.includes("--write"))
    for (const [file, page] of Object.entries(PAGES)) writeFileSync(join(root, file), page());
  report("generated-pages", outdatedPages());
}
