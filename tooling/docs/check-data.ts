import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Block } from "./read-blocks.ts";
import { runCommand } from "./run-command.ts";

/** Each block is a whole config.yaml, of which every key has the effect that it has in LiteLLM, or is our own. */
export async function checkConfigs(blocks: readonly Block[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "llamaduct-docs-"));
  const path = join(folder, "config.yaml");
  const findings: string[] = [];
  try {
    for (const { source, code } of blocks) {
      writeFileSync(path, code);
      const { code: exitCode, printed } = await runCommand(["--config", path, "--check-config"], {
        environment: Object.fromEntries(
          [...code.matchAll(/os\.environ\/(\w+)/g)].map(([, name]) => [name, "sk-of-the-docs"]),
        ),
      });
      const wrong = exitCode === 0 ? printed.split("\n").filter((line) => !line.startsWith("honoured")) : [printed];
      findings.push(...wrong.map((line) => `${source}: ${line}`));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return findings;
}

export async function checkJson(blocks: readonly Block[]): Promise<readonly string[]> {
  return blocks.flatMap(({ source, code }) => {
    try {
      JSON.parse(code);
      return [];
    } catch (error) {
      return [`${source}: ${(error as Error).message}`];
    }
  });
}

const PARSER = `
import json, sys, tomllib
for block in json.load(sys.stdin):
    try:
        if block["language"] == "python":
            compile(block["code"], block["source"], "exec")
        else:
            tomllib.loads(block["code"])
    except (SyntaxError, ValueError) as error:
        print(f"{block['source']}: {error}")
`;

/** Python and TOML. Without a Python of 2022 or later it says so and finds nothing. */
export async function checkWithPython(blocks: readonly Block[]): Promise<readonly string[]> {
  const { status, stdout } = spawnSync("python3", ["-c", PARSER], { input: JSON.stringify(blocks), encoding: "utf8" });
  if (status !== 0) console.log(`docs: no python3, ${blocks.length} blocks not parsed`);
  return status === 0 ? stdout.split("\n").filter((line) => line !== "") : [];
}
