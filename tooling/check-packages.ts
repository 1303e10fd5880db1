// What npm would receive: publint and "are the types wrong" on the packed tarball of every package.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packInto, readPackages, report } from "./workspace.ts";

const findings: string[] = [];
const tarballs = mkdtempSync(join(tmpdir(), "llamaduct-packages-"));

for (const pack of readPackages()) {
  const tarball = await packInto(tarballs, pack);
  check(pack.folder, "publint", ["run", tarball, "--strict"]);
  check(pack.folder, "attw", [tarball, "--profile", "esm-only", "--format", "ascii", "--no-definitely-typed"]);
}
rmSync(tarballs, { recursive: true });
report("packages", findings);

function check(folder: string, tool: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8" });
  if (status === 0) return;
  console.error(stdout, stderr);
  findings.push(`${folder}: ${tool} found what is printed above`);
}
