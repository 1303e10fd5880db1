// What a user gets: every package packed, installed with npm into an empty project, type-checked there together with
// the READMEs' ```ts blocks, and the ```ts run blocks run against the installed emulator. ```ts no-run is neither.
// Then the first steps with every package manager, each in an empty project.

import { execFile, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { checkManagers } from "./package-managers.ts";
import { packInto, readManifest, readPackages, report, root } from "./workspace.ts";

interface Snippet {
  /** Where it stands: `packages/core/README.md:12`. */
  readonly source: string;
  /** Its file in the project. */
  readonly file: string;
  readonly isRun: boolean;
  readonly code: string;
  /** What it is run with. */
  readonly arguments?: readonly string[];
  readonly says?: RegExp | undefined;
  /** Whether it needs a model that does. */
  readonly sees?: boolean | undefined;
}

interface Example {
  /** The emulator's, for those that it names. */
  readonly models: readonly string[];
  readonly says: RegExp;
  readonly sees?: boolean;
}

const SENTENCE = "The quick brown llama jumps over the lazy alpaca\\.";

/** examples/typescript/. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  "by-hand": { models: ["plain"], says: RegExp(`${SENTENCE}.*echo/any finished.*sky blue`, "s") },
  chat: { models: ["ollama_chat/plain"], says: RegExp(`^${SENTENCE}\n${SENTENCE}\n404 model_not_found`) },
  "json-schema": { models: ["ollama_chat/jsonish"], says: /^YES 8$/m },
  text: { models: ["ollama/coder", "ollama/embedder"], says: /^\s*return a \+ b\n.*\[ \d+, \d+ \]$/ms },
  tools: { models: ["ollama_chat/tools"], says: RegExp(`^get_current_weather \\{.*${SENTENCE}`, "s") },
  vision: { models: ["ollama_chat/plain"], says: RegExp(`^${SENTENCE}$`, "m"), sees: true },
};

const emulatorScript = `import { startEmulator } from "@llamaduct/ollama-emulator";
const { url } = await startEmulator();
// Before 0.30 a server takes images for any model; this one says that its models see.
const seeing = await startEmulator({ version: "0.24.0" });
const shown = { capabilities: ["completion", "vision"] };
seeing.enqueue({ path: "/api/show", chunks: [JSON.stringify(shown)], times: Infinity });
console.log(url, seeing.url);
`;

const RESOLUTIONS = ["node16", "nodenext", "bundler"] as const;
const OWN_TYPESCRIPT = join(root, "node_modules/typescript");
/** The oldest that we promise, and whatever is the latest. Installed under these names. */
const OTHER_TYPESCRIPTS = ["typescript-5.6", "typescript-latest"] as const;

const findings: string[] = [];
const tarballs: Record<string, string> = {};
const packages = readPackages();
const project = mkdtempSync(join(tmpdir(), "llamaduct-pack-test-"));

try {
  await installTarballs();
  const snippets = [
    importEverything(),
    ...examples(),
    ...[".", ...packages.map((pack) => pack.folder)].flatMap(snippetsOf),
  ];
  for (const { file, code } of snippets) writeFileSync(join(project, file), `${code}\nexport {};\n`);
  writeFileSync(join(project, "emulator.ts"), emulatorScript);

  await Promise.all([
    checkTypes({ compiler: OWN_TYPESCRIPT, resolution: "nodenext", include: "*.ts" }),
    checkTypes({ compiler: OWN_TYPESCRIPT, resolution: "bundler", include: "*.ts" }),
  ]);
  for (const compiler of OTHER_TYPESCRIPTS)
    await Promise.all(RESOLUTIONS.map((resolution) => checkTypes({ compiler, resolution, include: "imports.ts" })));
  await withEmulator(async (url, seeingURL) => {
    for (const snippet of snippets.filter(({ isRun }) => isRun)) runSnippet(snippet, snippet.sees ? seeingURL : url);
    findings.push(...(await checkManagers({ folder: project, tarballs, url })));
  });
  checkCli();
  console.log(`pack-test: ${packages.length} packages, ${snippets.length} snippets and examples`);
} finally {
  rmSync(project, { recursive: true });
}
report("pack-test", findings);

async function installTarballs(): Promise<void> {
  const folder = join(project, "tarballs");
  mkdirSync(folder);
  const packed = await Promise.all(packages.map((pack) => packInto(folder, pack)));
  const dependencies: Record<string, string> = {};
  for (const [index, { name }] of packages.entries()) {
    const tarball = packed[index] ?? "";
    tarballs[name] = tarball;
    dependencies[name] = `file:tarballs/${basename(tarball)}`;
  }
  // Without the overrides npm would look for our own packages' dependencies on each other in the registry.
  const overrides = Object.fromEntries(packages.map(({ name }) => [name, `$${name}`]));
  // What READMEs use beside our packages, in the version that this repository uses.
  for (const name of ["@types/node", "openai"]) dependencies[name] = readManifest(`node_modules/${name}`).version;
  for (const name of OTHER_TYPESCRIPTS) dependencies[name] = `npm:typescript@${name.replace("typescript-", "")}`;
  writeJson("package.json", { private: true, type: "module", dependencies, overrides });
  const install = inProject("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
  if (install.status !== 0) throw new Error(`npm install failed:\n${install.stdout}${install.stderr}`);
}

function snippetsOf(folder: string): readonly Snippet[] {
  const readme = join(folder, "README.md");
  if (!existsSync(join(root, readme))) return [];
  const text = readFileSync(join(root, readme), "utf8");
  const snippets: Snippet[] = [];
  for (const match of text.matchAll(/^```((?:ts|typescript)\b[^\n]*)\n(.*?)^```$/gms)) {
    const [, info, code = ""] = match;
    const line = text.slice(0, match.index).split("\n").length;
    const source = `${readme}:${line}`;
    if (info === "ts no-run") continue;
    if (info !== "ts" && info !== "ts run") findings.push(`${source}: "${info}": write ts, ts run or ts no-run`);
    const file = `${folder.replaceAll(/\W/g, "-")}-readme-${line}.ts`;
    snippets.push({ source, file, isRun: info === "ts run", code });
  }
  return snippets;
}

function examples(): readonly Snippet[] {
  const folder = join(root, "examples/typescript");
  return readdirSync(folder).map((name) => {
    const source = `examples/typescript/${name}`;
    const { models, says, sees } = EXAMPLES[basename(name, ".ts")] ?? {};
    if (models === undefined) findings.push(`${source}: tooling/pack-test.ts does not know what it says`);
    const code = readFileSync(join(folder, name), "utf8");
    return { source, file: `example-${name}`, isRun: models !== undefined, code, arguments: models ?? [], says, sees };
  });
}

function importEverything(): Snippet {
  const names = packages.filter(({ manifest }) => manifest.exports?.["."] !== undefined).map(({ name }) => name);
  const imports = names.map((name, index) => `import * as package${index} from "${name}";`);
  const code = `${imports.join("\n")}\nconsole.log(${names.map((_, index) => `package${index}`).join(", ")});`;
  return { source: "a file that imports every package", file: "imports.ts", isRun: true, code };
}

interface TypeCheck {
  /** TypeScript's folder. */
  readonly compiler: string;
  readonly resolution: (typeof RESOLUTIONS)[number];
  readonly include: string;
}

/** As a strict user's project would, and, unlike most, every declaration file with it. */
async function checkTypes({ compiler, resolution, include }: TypeCheck): Promise<void> {
  const folder = resolve(project, "node_modules", compiler);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const compilerOptions = {
    module: resolution === "bundler" ? "esnext" : resolution,
    moduleResolution: resolution,
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
    // 5.6 has no es2024.
    target: version.startsWith("5.6") ? "esnext" : "es2024",
    // A bundler's project has a page's types as well.
    ...(resolution !== "bundler" && { lib: [version.startsWith("5.6") ? "esnext" : "es2024"] }),
  };
  const config = `tsconfig.${version}.${resolution}.json`;
  writeJson(config, { compilerOptions, include: [include] });
  try {
    await promisify(execFile)("node", [join(folder, "bin/tsc"), "-p", config], { cwd: project });
  } catch (error) {
    const { stdout, message } = error as Error & { readonly stdout?: string };
    findings.push(`types under TypeScript ${version}, moduleResolution ${resolution}:\n${stdout || message}`);
  }
}

async function withEmulator(use: (url: string, seeingURL: string) => Promise<void>): Promise<void> {
  const emulator = spawn("node", ["emulator.ts"], { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const { value, done } = await createInterface(emulator.stdout)[Symbol.asyncIterator]().next();
    if (done) throw new Error("The packed emulator does not start.");
    const [url = "", seeingURL = ""] = value.split(" ");
    await use(url, seeingURL);
  } finally {
    emulator.kill();
  }
}

function runSnippet({ source, file, arguments: args = [], says }: Snippet, url: string): void {
  const { status, stdout, stderr } = inProject("node", [`./${file}`, ...args], { OLLAMA_HOST: url });
  if (status !== 0) findings.push(`${source}: does not run:\n${stdout}${stderr}`);
  else if (says?.test(stdout) === false) findings.push(`${source}: does not say ${says}:\n${stdout}`);
}

/** `npx llamaduct`, as the tarball's bin has it. */
function checkCli(): void {
  const { version } = readManifest("apps/proxy");
  const { status, stdout, stderr } = inProject("npx", ["--no-install", "llamaduct", "--version"]);
  if (status !== 0 || !stdout.includes(version)) findings.push(`npx llamaduct --version says:\n${stdout}${stderr}`);
}

function inProject(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): SpawnSyncReturns<string> {
  return spawnSync(command, args, {
    cwd: project,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, ...env },
  });
}

function writeJson(file: string, content: object): void {
  writeFileSync(join(project, file), JSON.stringify(content, null, 2));
}
