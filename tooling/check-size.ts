// Sizes that users pay for, in bytes.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { filesOfFirstChat } from "./first-chat.ts";
import { packInto, readPackages, report, root, type WorkspacePackage } from "./workspace.ts";

/** What people have anyway, or load when they need it. */
const NOT_COUNTED = ["undici", "zod", "ajv", "ajv/*", "@resvg/resvg-wasm"];

/**
 * What an application loads when it imports a package, our own packages below included: the entry and its static imports, split
 * from what is loaded when it is needed, minified, gzipped as one.
 */
const bundleBudgets: Readonly<Record<string, number>> = {
  "@llamaduct/core": 5_000,
  // docs/decisions/0027-loaded-when-needed.md says what it is made of.
  llamaduct: 30_000,
};
/** The same with what a first plain chat loads. */
const firstChatBudgets: Readonly<Record<string, number>> = { llamaduct: 31_000 };
/** The same with all that may be loaded later. */
const wholeBudgets: Readonly<Record<string, number>> = { llamaduct: 85_500 };
/** The download. */
const tarballBudgets: Readonly<Record<string, number>> = { "@llamaduct/ollama-emulator": 150_000 };

interface Bundle {
  readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
  readonly metafile: { readonly outputs: Readonly<Record<string, Output>> };
}

interface Output {
  readonly entryPoint?: string;
  readonly inputs: Readonly<Record<string, object>>;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}

/** The esbuild that tsup brings. */
const esbuild: { buildSync(options: object): Bundle } = createRequire(import.meta.resolve("tsup"))("esbuild");

const MODELS = ["ollama_chat/plain", "ollama/plain"] as const;

const findings: string[] = [];
for (const [name, budget] of Object.entries(bundleBudgets)) {
  const bundle = bundled(find(name));
  compare(`${name}, min+gzip`, gzipped(bundle, bundle.first), budget);
  const chat = firstChatBudgets[name];
  for (const model of chat === undefined ? [] : MODELS) {
    const loaded = await filesOfFirstChat(bundle.files, model);
    compare(`${name} after a first chat with ${model}, min+gzip`, gzipped(bundle, loaded), chat ?? 0);
  }
  const most = wholeBudgets[name];
  if (most !== undefined) {
    compare(`${name} with what is loaded when needed, min+gzip`, gzipped(bundle, bundle.files.keys()), most);
  }
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

interface Bundled {
  /** By name, in the order of what they are made of: gzip saves more between neighbours, and names are digests. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The entry and its static imports. */
  readonly first: ReadonlySet<string>;
}

function bundled({ folder }: WorkspacePackage): Bundled {
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
  const contents = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const names = [...outputs].map(([name, { inputs }]) => ({ name, made: Object.keys(inputs).sort().join() }));
  names.sort((a, b) => (a.made < b.made ? -1 : 1));
  const first = new Set(names.map(({ name }) => name).filter((name) => outputs.get(name)?.entryPoint === entry));
  // A set is visited in order, what is added on the way included.
  for (const name of first)
    for (const { kind, external, path: imported } of outputs.get(name)?.imports ?? [])
      if (kind === "import-statement" && external !== true) first.add(basename(imported));
  return { files: new Map(names.map(({ name }) => [name, contents.get(name) ?? new Uint8Array()])), first };
}

/** As one, in the order of the bundle. */
function gzipped({ files }: Bundled, names: Iterable<string>): number {
  const wanted = new Set(names);
  return gzipSync(Buffer.concat([...files].flatMap(([name, bytes]) => (wanted.has(name) ? [bytes] : [])))).length;
}

async function tarballBytes(pack: WorkspacePackage): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "llamaduct-size-"));
  const { size } = statSync(await packInto(folder, pack));
  rmSync(folder, { recursive: true });
  return size;
}
