// pack-example-provider.ts FOLDER: examples/custom-provider as its author would publish it, and the packages that it needs,
// which the registry does not have yet, as tarballs.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Manifest, packInto, readManifest, readPackages, root } from "./workspace.ts";

const [destination = "."] = process.argv.slice(2).map((path) => resolve(path));
const example = join(root, "examples/custom-provider");
const packages = readPackages();
const needed = packages.filter(({ name }) => name === "@llamaduct/core" || name === "@llamaduct/http");
for (const pack of needed) await packInto(destination, pack);

const folder = mkdtempSync(join(tmpdir(), "llamaduct-provider-"));
try {
  // What it means is template-test's to check.
  run("tsc", ["-p", join(example, "tsconfig.build.json"), "--noCheck", "--outDir", join(folder, "dist")]);
  const { scripts, devDependencies, private: _, ...manifest } = readManifest("examples/custom-provider") as Author;
  const dependencies = versions(manifest.dependencies);
  const peerDependencies = versions(manifest.peerDependencies);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, dependencies, peerDependencies }));
  run("npm", ["pack", "--silent", "--pack-destination", destination]);
} finally {
  rmSync(folder, { recursive: true });
}

interface Author extends Manifest {
  readonly scripts?: unknown;
}

/** `workspace:^` as pnpm would publish it. */
function versions(dependencies: Manifest["dependencies"] = {}): Readonly<Record<string, string>> {
  const own = new Map(packages.map(({ name, manifest }) => [name, `^${manifest.version}`]));
  return Object.fromEntries(Object.entries(dependencies).map(([name, range]) => [name, own.get(name) ?? range]));
}

function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`);
}
