import { type ExecFileException, execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../workspace.ts";
import type { Block } from "./read-blocks.ts";
import type { Stage } from "./stage.ts";

/** Beside docs/node_modules, and ignored by git. */
const folder = join(root, "docs/dist/blocks");
const runner = fileURLToPath(new URL("run-blocks.ts", import.meta.url));

/** All blocks in one program of strict TypeScript; those with `run` in one process, one after the other. */
export async function checkTypeScript(blocks: readonly Block[], stage: Stage): Promise<readonly string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const block of blocks) await writeFile(join(folder, toFile(block)), `${stage.set(block.code)}export {};\n`);
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../../tooling/tsconfig.base.json",
      compilerOptions: { declaration: false, isolatedDeclarations: false, noUnusedLocals: false },
    }),
  );
  const running = blocks.filter(({ note }) => note === "run").map((block) => join(folder, toFile(block)));
  const [types, runs] = await Promise.all([
    execute([join(root, "node_modules/typescript/bin/tsc"), "-p", folder], stage),
    execute(["--conditions=@llamaduct/source", runner, ...running], stage),
  ]);
  const sources = new Map(blocks.map((block) => [toFile(block), block.source]));
  return [types, runs].flatMap((output) => located(output, sources));
}

function toFile({ source }: Block): string {
  return `${source.replaceAll(/\W+/g, "-")}.ts`;
}

/** What a program says of `docs-tools-md-12.ts(3,5)`, said of `docs/tools.md:14`; its other lines belong to the one before. */
function located(output: string, sources: ReadonlyMap<string, string>): readonly string[] {
  const findings: string[] = [];
  for (const line of output.split("\n").filter((each) => each.trim() !== "")) {
    const [, path = "", at = "1", rest = ""] = /^(\S+\.ts)(?:\((\d+),\d+\))?: (.*)$/.exec(line) ?? [];
    const [, page, start = "0"] = /^(.*):(\d+)$/.exec(sources.get(basename(path)) ?? "") ?? [];
    if (page !== undefined) findings.push(`${page}:${Number(start) + Number(at) - 1}: ${rest}`);
    else if (path !== "" || findings.length === 0) findings.push(line);
    else findings.push(`${findings.pop()}\n${line}`);
  }
  return findings;
}

/** What a Node.js program prints when it fails. */
function execute(args: readonly string[], { environment }: Stage): Promise<string> {
  return new Promise((resolve) => {
    const settle = (error: ExecFileException | null, stdout: string, stderr: string) =>
      resolve(error === null ? "" : stdout + stderr || error.message);
    execFile(process.execPath, args, { env: environment, cwd: folder, timeout: 120_000 }, settle);
  });
}
