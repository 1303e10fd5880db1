import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.ts";

/** Every file that is, or could be, under version control, as a path from the root. */
export function listedFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
  return listed
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)));
}
