// Sizes that users pay for, in bytes.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packInto, readPackages, report, root, type WorkspacePackage } from "./workspace.ts";

/** What people have anyway, or load when they need it. */
const NOT_COUNTED = ["undici", "zod", "ajv", "ajv/*", "@resvg/resvg-wasm"];

/** What an application's bundle grows by, our own packages below included: minified, gzipped. */
const bundleBudgets: Readonly<Record<string, number>> = {
  "@llamaduct/core": 5_000,
  // Wanted: 30 000. docs/decisions/0026-library-surface.md says what weighs; until then it must not grow.
  llamaduct: 77_000,
};
/** The download. */
const tarballBudgets: Readonly<Record<string, number>> = { "@llamaduct/ollama-emulator": 150_000 };

/** The esbuild that tsup brings. */
const esbuild: {
  buildSync(options: object): { readonly outputFiles: readonly { readonly contents: Uint8Array }[] };
} = createRequire(import.meta.resolve("tsup"))("esbuild");

const findings: string[] = [];
for (const [name, budget] of Object.entries(bundleBudgets)) {
  compare(`${name}, min+gzip`, bundleBytes(find(name)), budget);
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

function bundleBytes({ folder }: WorkspacePackage): number {
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [join(root, folder, "dist/index.js")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    external: NOT_COUNTED,
    splitting: true,
    outdir: "out",
    write: false,
  });
  return outputFiles.reduce((bytes, file) => bytes + gzipSync(file.contents).length, 0);
}

async function tarballBytes(pack: WorkspacePackage): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "llamaduct-size-"));
  const { size } = statSync(await packInto(folder, pack));
  rmSync(folder, { recursive: true });
  return size;
}
