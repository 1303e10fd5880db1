// The public types of every package, committed as its api.d.ts, so that a change of them shows in review.
// Without arguments compares; --write updates.

import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPackages, report, root } from "./workspace.ts";

const write = process.argv.includes("--write");
const findings: string[] = [];

for (const { folder } of readPackages().filter(({ manifest }) => manifest.exports?.["."] !== undefined)) {
  const current = declarationsOf(folder);
  const committed = join(root, folder, "api.d.ts");
  if (current === undefined) findings.push(`${folder}/dist/index.d.ts: missing, run pnpm build`);
  else if (write) writeFileSync(committed, current);
  else if (!existsSync(committed)) findings.push(`${folder}/api.d.ts: missing, run pnpm api:write`);
  else if (readFileSync(committed, "utf8") !== current) {
    console.error(diff(committed, current));
    findings.push(`${folder}/api.d.ts: the public types changed; if that is meant, run pnpm api:write and commit`);
  }
}
report("api", findings);

/** Every declaration file the build emitted, one after the other, the hashes in the names of shared chunks removed. */
function declarationsOf(folder: string): string | undefined {
  const dist = join(root, folder, "dist");
  if (!existsSync(join(dist, "index.d.ts"))) return undefined;
  return globSync("**/*.d.ts", { cwd: dist })
    .sort()
    .map(
      (file) => `// ${file}\n${readFileSync(join(dist, file), "utf8").replace(/^\/\/# sourceMappingURL=.*\n?/gm, "")}`,
    )
    .join("\n")
    .replaceAll(/-[\w-]{8}(?=\.(d\.ts|js)\b)/g, "");
}

function diff(committed: string, current: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "llamaduct-api-")), "api.d.ts");
  writeFileSync(file, current);
  const { stdout } = spawnSync("git", ["diff", "--no-index", "--no-color", committed, file], { encoding: "utf8" });
  return stdout.split("\n").slice(4, 64).join("\n");
}
