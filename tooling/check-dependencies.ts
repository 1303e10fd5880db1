// What comes along with the proxy, from its SBOM: licences, install scripts, how many. Needs what is installed, no build.

import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readManifest, readPackages, report, root } from "./workspace.ts";

/** Each asks for no more than its text and its author's name; MPL-2.0 for the source of its own files, which nobody here changes. */
const LICENCES: ReadonlySet<string> = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0"]);
/** Packages of other people that `npm install @llamaduct/proxy` brings. One more is a decision. */
const MAX_PACKAGES = 64;
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall"];

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly licenses?: readonly { readonly license?: { readonly id?: string }; readonly expression?: string }[];
}

const own = new Set(readPackages().map(({ name }) => name));
const theirs = components().filter((component) => !own.has(nameOf(component)));
const count = new Set(theirs.map(nameOf)).size;
const findings = [
  ...theirs.flatMap(licenceFindings),
  ...theirs.flatMap(scriptFindings),
  ...(count > MAX_PACKAGES ? [`the proxy brings ${count} packages of others; ${MAX_PACKAGES} are allowed`] : []),
  ...(count < 30 ? [`the SBOM has only ${count} packages, so it is not whole`] : []),
];
console.log(`  ${count} packages of others, ${MAX_PACKAGES} allowed`);
report("dependencies", findings);

function nameOf({ group, name }: Component): string {
  return group === undefined || group === "" ? name : `${group}/${name}`;
}

function components(): readonly Component[] {
  const folder = mkdtempSync(join(tmpdir(), "llamaduct-sbom-"));
  try {
    const out = join(folder, "sbom.json");
    const flags = ["--prod", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--out", out];
    const { status, stderr } = spawnSync("pnpm", ["--filter", "@llamaduct/proxy", "sbom", ...flags], {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`pnpm sbom ended with ${status}: ${stderr}`);
    return (JSON.parse(readFileSync(out, "utf8")) as { readonly components: readonly Component[] }).components;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function licenceFindings(component: Component): readonly string[] {
  const found = (component.licenses ?? []).map(({ license, expression }) => license?.id ?? expression ?? "unknown");
  if (found.length > 0 && found.every((licence) => LICENCES.has(licence))) return [];
  return [`${nameOf(component)} ${component.version} has the licence ${found.join(", ") || "unknown"}`];
}

function scriptFindings(component: Component): readonly string[] {
  const name = nameOf(component);
  const [folder] = globSync(`node_modules/.pnpm/${name.replace("/", "+")}@${component.version}*/node_modules/${name}`, {
    cwd: root,
  });
  if (folder === undefined) return [`${name} ${component.version} is not installed, so its scripts cannot be seen`];
  const { scripts = {} } = readManifest(folder) as { readonly scripts?: Readonly<Record<string, string>> };
  return INSTALL_SCRIPTS.filter((script) => script in scripts).map(
    (script) => `${name} ${component.version} runs ${JSON.stringify(scripts[script])} when it is installed`,
  );
}
