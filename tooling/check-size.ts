// Sizes that users pay for, in bytes.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { packInto, readPackages, report, root, type WorkspacePackage } from "./workspace.ts";

/** What people have anyway, or load when they need it. */
const NOT_COUNTED = ["undici", "zod", "ajv", "ajv/*", "@resvg/resvg-wasm"];

/**
 * What an application loads when it imports a package, our own packages below included: the entry and its static imports, split
 * from what is loaded when it is needed, minified, gzipped as one.
 */
const bundleBudgets: Readonly<Record<string, number>> = {
  "@llamaduct/core": 5_000,
  // docs/decisions/0027-loaded-when-needed.md says what it is made of, and why it is not the 30 000 that were wanted.
  llamaduct: 39_000,
};
/** The same with all that may be loaded later. */
const wholeBudgets: Readonly<Record<string, number>> = { llamaduct: 84_000 };
/** The download. */
const tarballBudgets: Readonly<Record<string, number>> = { "@llamaduct/ollama-emulator": 150_000 };

interface Bundle {
  readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
  readonly metafile: { readonly outputs: Readonly<Record<string, Output>> };
}

interface Output {
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}

/** The esbuild that tsup brings. */
const esbuild: { buildSync(options: object): Bundle } = createRequire(import.meta.resolve("tsup"))("esbuild");

const findings: string[] = [];
for (const [name, budget] of Object.entries(bundleBudgets)) {
  const { first, whole } = bundleBytes(find(name));
  compare(`${name}, min+gzip`, first, budget);
  const most = wholeBudgets[name];
  if (most !== undefined) compare(`${name} with what is loaded when needed, min+gzip`, whole, most);
}
for (const [name, budget] of Object.entries(tarballBudgets)) {
  compare(`${name}, tarball`, await tarballBytes(find(name)), budget);
}
report("size", findings);

function find(name: string): WorkspacePackage {
  const found = readPackages().find((pack) => pack.name === name);
  if (found === undefined) throw new Error(`There is no package ${name} to measure.`);
  return found;
}

function compare(what: string, bytes: number, budget: number): void {
  console.log(`size: ${what}: ${bytes} of ${budget} bytes`);
  if (bytes > budget) findings.push(`${what}: ${bytes - budget} bytes over its budget`);
}

function bundleBytes({ folder }: WorkspacePackage): { readonly first: number; readonly whole: number } {
  const entry = join(folder, "dist/index.js");
  const { outputFiles, metafile } = esbuild.buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    external: NOT_COUNTED,
    splitting: true,
    outdir: "out",
    write: false,
    metafile: true,
    // Of chunks without side effects that a build of ours imports for their order.
    logLevel: "error",
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [relative(root, path), contents]));
  const { outputs } = metafile;
  const first = new Set(Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === entry));
  // A set is visited in order, what is added on the way included.
  for (const path of first)
    for (const { kind, external, path: imported } of outputs[path]?.imports ?? [])
      if (kind === "import-statement" && external !== true) first.add(imported);
  const gzipped = (paths: Iterable<string>) =>
    gzipSync(Buffer.concat([...paths].map((path) => files.get(path) ?? new Uint8Array()))).length;
  return { first: gzipped(first), whole: gzipped(files.keys()) };
}

async function tarballBytes(pack: WorkspacePackage): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "llamaduct-size-"));
  const { size } = statSync(await packInto(folder, pack));
  rmSync(folder, { recursive: true });
  return size;
}
