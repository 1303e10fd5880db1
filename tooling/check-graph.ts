// The rules of the house that a script can check: who imports whom, what sources and published files may contain, what
// a package.json says.

import { existsSync, globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import ts from "typescript";
import { type Exports, readManifest, readPackages, report, root, type WorkspacePackage } from "./workspace.ts";

const adapters = ["@llamaduct/ollama-chat", "@llamaduct/ollama-generate", "@llamaduct/openai-compatible"];
const middleware = ["@llamaduct/json-tool-calls", "@llamaduct/reasoning-tags", "@llamaduct/structured-output"];

/** Everything that the sources of a package may import, tests aside. "node:" stands for Node's own modules. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "@llamaduct/core": [],
  "@llamaduct/http": ["node:", "@llamaduct/core", "undici"],
  "@llamaduct/ollama-host": ["node:", "@llamaduct/core", "@llamaduct/http", "zod"],
  "@llamaduct/ollama-chat": ["node:", "@llamaduct/core", "@llamaduct/http", "@llamaduct/ollama-host"],
  "@llamaduct/ollama-generate": ["node:", "@llamaduct/core", "@llamaduct/http", "@llamaduct/ollama-host"],
  "@llamaduct/json-tool-calls": ["@llamaduct/core"],
  "@llamaduct/reasoning-tags": ["@llamaduct/core"],
  // node:vm bounds what checking against a caller's schema may take.
  "@llamaduct/structured-output": ["node:", "@llamaduct/core", "ajv"],
  "@llamaduct/openai-dialect": ["@llamaduct/core", "zod"],
  "@llamaduct/images": ["node:", "@llamaduct/core", "@llamaduct/http", "@resvg/resvg-wasm", "ipaddr.js"],
  "@llamaduct/router": ["@llamaduct/core"],
  "@llamaduct/redis-state": ["node:", "@llamaduct/router", "redis"],
  // Written as any third party's: on what is published.
  "@llamaduct/openai-compatible": ["@llamaduct/core", "@llamaduct/http", "zod"],
  "@llamaduct/conformance": ["node:", "@llamaduct/core"],
  "create-llamaduct-provider": ["node:"],
  llamaduct: [
    "node:",
    "@llamaduct/core",
    "@llamaduct/http",
    "@llamaduct/images",
    "@llamaduct/openai-dialect",
    "@llamaduct/router",
    "fastest-levenshtein",
    ...adapters,
    ...middleware,
  ],
  "@llamaduct/ollama-emulator": ["node:"],
  // Never an adapter or a middleware: the engine is the one place where they are put together.
  "@llamaduct/proxy": [
    "node:",
    "@llamaduct/core",
    "@llamaduct/openai-dialect",
    "@llamaduct/redis-state",
    "@llamaduct/router",
    "llamaduct",
    "@fastify/cors",
    "@opentelemetry/api",
    "fastest-levenshtein",
    "fastify",
    "pino",
    "prom-client",
    "yaml",
    "zod",
  ],
};

/** Imported with import() when it is wanted, so a devDependency is enough: whoever wants it has installed it. */
const lazyImports: Readonly<Record<string, readonly string[]>> = {
  "@llamaduct/proxy": ["@llamaduct/ollama-emulator", "@opentelemetry/api", "@opentelemetry/sdk-node"],
};

/** Installed for a package below, to which it is an optional peer: with the proxy, SVG works out of the box. */
const forOthers: Readonly<Record<string, readonly string[]>> = {
  "@llamaduct/proxy": ["@resvg/resvg-wasm"],
};

/** Code that serves every provider alike names none of them. */
const namesNoProvider = [
  "@llamaduct/core",
  "@llamaduct/http",
  "@llamaduct/openai-dialect",
  "@llamaduct/images",
  "@llamaduct/router",
  "@llamaduct/conformance",
  ...middleware,
];

const readsProcess =
  /^((apps\/[^/]+|packages\/create-llamaduct-provider)\/src\/main|packages\/llamaduct\/src\/(default-instance|main))\.ts$/;

const rootManifest = readManifest(".");
const findings: string[] = [];
for (const pack of readPackages()) {
  checkManifest(pack);
  for (const file of filesOf(pack, "{src,test}/**/*.ts")) checkImports(pack, file);
  for (const file of filesOf(pack, "src/**/*.ts").filter((name) => !isTest(name))) checkSource(pack, file);
  checkDist(pack);
}
report("graph", findings);

function checkImports(pack: WorkspacePackage, file: string): void {
  for (const found of importsOf(file)) {
    const problem = problemOf(found, pack, file);
    if (problem !== undefined) findings.push(`${file}:${found.line}: imports "${found.specifier}"${problem}`);
  }
}

function problemOf({ specifier, isLazy }: Import, pack: WorkspacePackage, file: string): string | undefined {
  if (specifier.startsWith(".")) {
    const leaves = relative(pack.folder, join(file, "..", specifier)).startsWith("..");
    return leaves ? ", which lies outside its package" : undefined;
  }
  const name = specifier.startsWith("node:") ? "node:" : packageName(specifier);
  const { dependencies, peerDependencies, devDependencies } = pack.manifest;

  if (isTest(file) || (isLazy && lazyImports[pack.name]?.includes(name))) {
    const declared = { ...dependencies, ...peerDependencies, ...devDependencies, ...rootManifest.devDependencies };
    const isKnown = name === "node:" || name === pack.name || name in declared;
    return isKnown ? undefined : ", which its package.json does not declare";
  }
  const allowed = mayImport[pack.name] ?? [];
  if (!allowed.includes(name)) {
    return `; ${pack.name} may import ${allowed.join(", ") || "nothing"} (tooling/check-graph.ts)`;
  }
  const isDeclared = name === "node:" || name in { ...dependencies, ...peerDependencies };
  return isDeclared ? undefined : ", which is not among its dependencies";
}

function checkSource(pack: WorkspacePackage, file: string): void {
  const lines = readFileSync(join(root, file), "utf8").trimEnd().split("\n");
  if (lines.length > 320) findings.push(`${file}: ${lines.length} lines, split it`);
  else if (lines.length > 300) console.log(`graph: note: ${file}: ${lines.length} lines, 300 are the aim`);

  lines.forEach((line, index) => {
    const at = `${file}:${index + 1}`;
    if (namesNoProvider.includes(pack.name) && /ollama/i.test(line)) {
      findings.push(`${at}: says "ollama"; generic code names no provider`);
    }
    const isComment = /^\s*(\/\/|\/?\*)/.test(line);
    if (!isComment && !readsProcess.test(file) && /\bprocess\??\.(env|argv)\b|["'](node:)?process["']/.test(line)) {
      findings.push(`${at}: only an app's main.ts and the engine's default instance read the environment`);
    }
    if (!isComment && /^\s*export \* /.test(line)) findings.push(`${at}: export *; name what is exported`);
  });
}

function checkDist(pack: WorkspacePackage): void {
  if (!existsSync(join(root, pack.folder, "dist"))) findings.push(`${pack.folder}/dist: missing, run pnpm build`);
  for (const file of filesOf(pack, "dist/**/*.d.ts")) {
    for (const hidden of importsOf(file).map((found) => packageName(found.specifier))) {
      if (hidden === "zod" || hidden === "undici") findings.push(`${file}: ${hidden} shows in a published type`);
    }
  }
  if (pack.name === "@llamaduct/core") {
    for (const file of filesOf(pack, "dist/**/*.{js,d.ts}")) {
      if (readFileSync(join(root, file), "utf8").includes("node:")) findings.push(`${file}: names a "node:" module`);
    }
  }
}

function checkManifest({ name, folder, manifest }: WorkspacePackage): void {
  const at = `${folder}/package.json`;
  const expect = (field: string, actual: unknown, expected: unknown): void => {
    if (!isDeepStrictEqual(actual, expected)) {
      findings.push(`${at}: ${field} is ${JSON.stringify(actual)}, should be ${JSON.stringify(expected)}`);
    }
  };
  expect("type", manifest.type, "module");
  expect("license", manifest.license, "MIT");
  expect("engines.node", manifest.engines?.node, ">=22.19");
  expect("repository.directory", manifest.repository?.directory, folder);
  expect("publishConfig.access", manifest.publishConfig?.access, "public");
  expect("publishConfig.exports", manifest.publishConfig?.exports, withoutSources(manifest.exports));
  if (folder.startsWith("packages/")) expect("sideEffects", manifest.sideEffects, false);

  if (!existsSync(join(root, folder, "README.md"))) findings.push(`${folder}: has no README.md`);
  if (!(name in mayImport)) findings.push(`${at}: ${name} is new: add it to the table in tooling/check-graph.ts`);

  const runtime = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const imported = filesOf({ folder }, "src/**/*.ts")
    .filter((file) => !isTest(file))
    .flatMap((file) => importsOf(file).map((found) => packageName(found.specifier)));
  for (const dependency of runtime) {
    if (forOthers[name]?.includes(dependency)) continue;
    if (!imported.includes(dependency)) findings.push(`${at}: depends on ${dependency} but never imports it`);
  }
}

/** What is published is what is developed, less the condition that points at our sources. */
function withoutSources(exports: Exports | undefined): unknown {
  if (exports === undefined) return undefined;
  return JSON.parse(JSON.stringify(exports), (key, value) => (key === "@llamaduct/source" ? undefined : value));
}

interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Written as import("…"). */
  readonly isLazy: boolean;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    line: text.slice(0, pos).split("\n").length,
    isLazy: /\bimport\s*\(\s*$/.test(text.slice(0, pos)),
  }));
}

/** `@llamaduct/core/testing` → `@llamaduct/core`. */
function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function isTest(file: string): boolean {
  return /\.test(-d)?\.ts$|^[^/]+\/[^/]+\/test\//.test(file);
}

function filesOf({ folder }: Pick<WorkspacePackage, "folder">, pattern: string): readonly string[] {
  return globSync(`${folder}/${pattern}`, { cwd: root }).sort();
}
