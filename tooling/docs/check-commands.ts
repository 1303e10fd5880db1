import { execFile } from "node:child_process";
import { parseCommandLine } from "../../apps/proxy/src/cli/command-line.ts";
import { readPackages } from "../workspace.ts";
import type { Block } from "./read-blocks.ts";
import type { Stage } from "./stage.ts";

/** A block with curl runs as it stands; of `llamaduct` the flags are parsed, of `npm install` our packages looked for. */
export async function checkCommands(blocks: readonly Block[], stage: Stage): Promise<readonly string[]> {
  const findings = await Promise.all(
    blocks.map(async ({ source, code }) => {
      const problem = /^curl /m.test(code) ? await curlProblem(stage.set(code), stage) : readProblem(code);
      return problem === undefined ? [] : [`${source}: ${problem}`];
    }),
  );
  return findings.flat();
}

const STRICT = 'set -euo pipefail; curl() { command curl --fail-with-body --silent --show-error --max-time 20 "$@"; }';

function curlProblem(code: string, { environment }: Stage): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile("bash", ["-c", `${STRICT}\n${code}`], { env: environment }, (error, stdout, stderr) =>
      resolve(error === null ? undefined : `does not run:\n${stdout}${stderr}`),
    );
  });
}

function readProblem(code: string): string | undefined {
  const commands = code
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*/, "").trim());
  return commands
    .filter((command) => command !== "")
    .map(commandProblem)
    .find((problem) => problem !== undefined);
}

function commandProblem(command: string): string | undefined {
  const [, flags] = /^(?:[A-Z_]+=\S+ +)*(?:npx (?:-y )?)?(?:llamaduct|@llamaduct\/proxy)\b(.*)$/.exec(command) ?? [];
  if (flags !== undefined)
    return flagProblem(
      flags
        .trim()
        .split(/ +/)
        .filter((flag) => flag !== ""),
    );
  if (!command.startsWith("npm install ")) return `nothing checks "${command}": say "no-run" and why`;
  const own = readPackages().map(({ name }) => name);
  const unknown = command.split(" ").find((name) => /^(@llamaduct\/|llamaduct)/.test(name) && !own.includes(name));
  return unknown && `there is no package ${unknown}`;
}

function flagProblem(flags: readonly string[]): string | undefined {
  try {
    const { warnings } = parseCommandLine(flags);
    return warnings[0];
  } catch (error) {
    return (error as Error).message;
  }
}
