import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { promisify } from "node:util";

/** Builds and starts real servers. A machine without it has only the one server that `OLLAMA_HOST` names. */
const script = "/work/shared/live/ollama.sh";
const run = promisify(execFile);

export const hasOwnServers: boolean = existsSync(script);

/** A real server on a port of its own, whose models have no namespace: `plain`. */
export interface OwnServer {
  readonly version: string;
  readonly port: number;
  readonly url: string;
}

export function ownServer(version: string, port: number): OwnServer {
  return { version, port, url: `http://127.0.0.1:${port}` };
}

export async function start(
  { version, port, url }: OwnServer,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  if ((await fetch(`${url}/api/version`).catch(() => undefined))?.ok === true) return;
  // Its output would keep the script's pipes open: the server inherits them.
  await run("bash", ["-c", `bash ${script} start ${version} ${port} > /dev/null 2>&1`], {
    timeout: 60_000,
    env: { ...process.env, ...environment },
  });
}

/** By default at once, as a machine that loses its power does. */
export function kill({ port }: OwnServer, signal: NodeJS.Signals = "SIGKILL"): void {
  process.kill(Number(readFileSync(`${homedir()}/.cache/llamaduct-live/${port}.pid`, "utf8")), signal);
}

export async function stop({ port }: OwnServer): Promise<void> {
  await run("bash", [script, "stop", String(port)]);
}

/** The processes that have its models. */
export async function enginePids({ port }: OwnServer): Promise<readonly number[]> {
  const { stdout } = await run("bash", [script, "engine-pids", String(port)]).catch(() => ({ stdout: "" }));
  return stdout.split("\n").filter(Boolean).map(Number);
}
