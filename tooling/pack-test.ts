// What a user gets: every package packed, installed with npm into an empty project, type-checked there together with
// the READMEs' ```ts blocks, and the ```ts run blocks run against the installed emulator. ```ts no-run is neither.

import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { packInto, readManifest, readPackages, report, root } from "./workspace.ts";

interface Snippet {
  /** Where it stands: `packages/core/README.md:12`. */
  readonly source: string;
  /** Its file in the project. */
  readonly file: string;
  readonly isRun: boolean;
  readonly code: string;
}

const emulatorScript = `import { startEmulator } from "@llamaduct/ollama-emulator";
const { url } = await startEmulator();
console.log(url);
`;

const findings: string[] = [];
const packages = readPackages();
const project = mkdtempSync(join(tmpdir(), "llamaduct-pack-test-"));

try {
  await installTarballs();
  const snippets = [importEverything(), ...[".", ...packages.map((pack) => pack.folder)].flatMap(snippetsOf)];
  for (const { file, code } of snippets) writeFileSync(join(project, file), `${code}\nexport {};\n`);
  writeFileSync(join(project, "emulator.ts"), emulatorScript);

  checkTypes({ module: "nodenext", moduleResolution: "nodenext", lib: ["es2024"] });
  checkTypes({ module: "esnext", moduleResolution: "bundler" });
  await runSnippets(snippets.filter((snippet) => snippet.isRun));
  checkCli();
  console.log(`pack-test: ${packages.length} packages, ${snippets.length} snippets`);
} finally {
  rmSync(project, { recursive: true });
}
report("pack-test", findings);

async function installTarballs(): Promise<void> {
  const tarballs = join(project, "tarballs");
  mkdirSync(tarballs);
  const dependencies: Record<string, string> = {};
  for (const pack of packages) dependencies[pack.name] = `file:tarballs/${basename(await packInto(tarballs, pack))}`;
  // Without the overrides npm would look for our own packages' dependencies on each other in the registry.
  const overrides = Object.fromEntries(packages.map(({ name }) => [name, `$${name}`]));
  // What READMEs use beside our packages, in the version that this repository uses.
  for (const name of ["@types/node", "openai"]) dependencies[name] = readManifest(`node_modules/${name}`).version;
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

function importEverything(): Snippet {
  const names = packages.filter(({ manifest }) => manifest.exports?.["."] !== undefined).map(({ name }) => name);
  const imports = names.map((name, index) => `import * as package${index} from "${name}";`);
  const code = `${imports.join("\n")}\nconsole.log(${names.map((_, index) => `package${index}`).join(", ")});`;
  return { source: "a file that imports every package", file: "imports.ts", isRun: true, code };
}

/** As a strict user's project would, and, unlike most, every declaration file with it. */
function checkTypes(target: {
  readonly module: string;
  readonly moduleResolution: string;
  readonly lib?: string[];
}): void {
  const checks = { strict: true, skipLibCheck: false, noEmit: true, types: ["node"], target: "es2024" };
  writeJson("tsconfig.json", { compilerOptions: { ...target, ...checks }, include: ["*.ts"] });
  const { status, stdout } = inProject("node", [join(root, "node_modules/typescript/bin/tsc"), "-p", "."]);
  if (status !== 0) findings.push(`types under moduleResolution ${target.moduleResolution}:\n${stdout}`);
}

async function runSnippets(snippets: readonly Snippet[]): Promise<void> {
  const emulator = spawn("node", ["emulator.ts"], { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const { value: url, done } = await createInterface(emulator.stdout)[Symbol.asyncIterator]().next();
    if (done) throw new Error("The packed emulator does not start.");
    for (const { source, file } of snippets) {
      const { status, stdout, stderr } = inProject("node", [`./${file}`], { OLLAMA_HOST: url });
      if (status !== 0) findings.push(`${source}: does not run:\n${stdout}${stderr}`);
    }
  } finally {
    emulator.kill();
  }
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
