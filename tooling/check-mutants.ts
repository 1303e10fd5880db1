// Breaks the code in one place at a time and runs the test file that must notice: each time it must fail.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mutants } from "./mutants.ts";
import { report, root } from "./workspace.ts";

const findings = passes([...new Set(mutants.map(({ test }) => test))]) ? [] : ["the tests fail on the code as it is"];
for (const [index, { name, file, find, test }] of mutants.entries()) {
  const places = readFileSync(join(root, file), "utf8").split(find).length - 1;
  if (places !== 1)
    findings.push(`"${name}": its text stands ${places} times in ${file}; tooling/mutants.ts is out of date`);
  else if (passes([test], index)) findings.push(`${test} does not notice "${name}" in ${file}`);
}
report("mutants", findings);

function passes(tests: readonly string[], mutant?: number): boolean {
  // A test file that is no longer there notices nothing.
  const options = ["--config", "vitest.mutants.config.ts", "--bail", "1", "--passWithNoTests"];
  const { status } = spawnSync("vitest", ["run", ...options, ...tests], {
    cwd: root,
    env: { ...process.env, MUTANT: String(mutant ?? "") },
    stdio: "ignore",
  });
  return status === 0;
}
