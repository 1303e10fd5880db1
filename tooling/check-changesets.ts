// A branch that changes a package's sources says so in a changeset. On main there is nothing to compare with: there the
// pending changesets must be readable. A clone without any main can be told neither.

import { spawnSync } from "node:child_process";
import { report } from "./workspace.ts";

const base = ["origin/main", "main"].find((branch) => git("rev-parse", "--verify", "--quiet", branch));
if (base === undefined) {
  console.log("changesets: skipped: this clone has no main to compare with");
} else {
  const isOnMain = git("merge-base", "--is-ancestor", "HEAD", base) && git("rev-parse", "--verify", "--quiet", "main");
  const { status } = spawnSync("changeset", isOnMain ? ["status"] : ["status", "--since", base], { stdio: "inherit" });
  report("changesets", status === 0 ? [] : [`changeset status failed (compared with ${base})`]);
}

function git(...args: readonly string[]): boolean {
  return spawnSync("git", args).status === 0;
}
