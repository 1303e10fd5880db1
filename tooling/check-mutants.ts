// Breaks the code in one place at a time and runs the tests of the packages it passes through: each time some must fail.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mutants } from "./mutants.ts";
import { report, root } from "./workspace.ts";

const tests = ["packages/core", "packages/http", "packages/ollama-host", "packages/ollama-chat"];

const findings = survives(undefined) ? [] : ["the tests fail on the code as it is"];
for (const [index, { name, file, find }] of mutants.entries()) {
  const places = readFileSync(join(root, file), "utf8").split(find).length - 1;
  if (places !== 1)
    findings.push(`"${name}": its text stands ${places} times in ${file}; tooling/mutants.ts is out of date`);
  else if (survives(index)) findings.push(`"${name}" in ${file} fails no test`);
}
report("mutants", findings);

function survives(index: number | undefined): boolean {
  const { status } = spawnSync("vitest", ["run", "--config", "vitest.mutants.config.ts", "--bail", "1", ...tests], {
    cwd: root,
    env: { ...process.env, MUTANT: String(index ?? "") },
    stdio: "ignore",
  });
  return status === 0;
}
