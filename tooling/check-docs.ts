// Every relative link and every file named in `code` in our Markdown leads somewhere.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { report, root } from "./workspace.ts";

const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
const files = listed
  .toString()
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));
const pages = files.filter((file) => file.endsWith(".md") && !/CHANGELOG|\/recordings\//.test(file));

/** Named in docs as what a reader writes or gets, not as files of ours. */
const EXAMPLES = ["config.yaml", "x.test.ts"];

const findings = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), "utf8");
  const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].flatMap(([, link = ""]) =>
    existsSync(join(root, dirname(page), link)) ? [] : [`${page} links to ${link}, which is not there`],
  );
  const names = [...text.matchAll(/`((?:[\w.@-]+\/)*[\w.-]+\.(?:ts|md|yaml|sh|py))`/g)].flatMap(([, name = ""]) =>
    isKnown(name, page) ? [] : [`${page} names ${name}, which is not there`],
  );
  return [...links, ...names];
});
report("docs", findings);

/** A path from the root or from the page, or the end of one: pages leave folders out that the sentence names. */
function isKnown(name: string, page: string): boolean {
  const ends = (file: string) => file === name || file.endsWith(`/${name}`);
  return EXAMPLES.includes(name) || existsSync(join(root, dirname(page), name)) || files.some(ends);
}
