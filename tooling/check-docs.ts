// What our Markdown says holds: links and files named in `code` lead somewhere, generated pages are current, code runs.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkBlocks } from "./docs/check-blocks.ts";
import { outdatedPages } from "./docs/generated-pages.ts";
import { listedFiles } from "./docs/listed-files.ts";
import { readBlocks } from "./docs/read-blocks.ts";
import { report, root } from "./workspace.ts";

const files = listedFiles();
const pages = files.filter((file) => file.endsWith(".md") && !/CHANGELOG|\/recordings\//.test(file));
/** Packages' READMEs are pack-test's. */
const withCode = pages.filter((page) => /^(docs\/(?!decisions\/)|README|apps\/proxy\/README)/.test(page));

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
const blocks = await checkBlocks(withCode.flatMap(readBlocks));
report("docs", [...findings, ...sidebarFindings(), ...outdatedPages(), ...blocks]);

/** The site's sidebar has every page of docs/, of the decisions their list. */
function sidebarFindings(): readonly string[] {
  const config = readFileSync(join(root, "docs/.vitepress/config.ts"), "utf8");
  const listed = [...config.matchAll(/ link: "\/(.*?)"/g)].map(
    ([, link = ""]) => `docs/${link.replace(/\/$/, "/README")}.md`,
  );
  const there = withCode.filter((page) => /^docs\/(?!index\.md)/.test(page)).concat("docs/decisions/README.md");
  return [
    ...listed.filter((page) => !there.includes(page)).map((page) => `the sidebar lists ${page}, which is not there`),
    ...there.filter((page) => !listed.includes(page)).map((page) => `the sidebar does not list ${page}`),
  ];
}

/** A path from the root or from the page, or the end of one: pages leave folders out that the sentence names. */
function isKnown(name: string, page: string): boolean {
  const ends = (file: string) => file === name || file.endsWith(`/${name}`);
  return EXAMPLES.includes(name) || existsSync(join(root, dirname(page), name)) || files.some(ends);
}
