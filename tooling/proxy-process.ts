import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";

export interface ProxyProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Everything it has written to stderr, which is its log. */
  readonly log: () => string;
  /** Whether it has ended by itself, and how. */
  readonly ended: () => string | undefined;
  signal(name: NodeJS.Signals): void;
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>;
}

export interface ProxyCommand {
  /** Node's own arguments, the script, the proxy's arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Told of each line of the log, which is not kept then. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** The proxy as users run it, once it listens. */
export async function startProxyProcess({ command, environment, onLine }: ProxyCommand): Promise<ProxyProcess> {
  const child = spawn(process.execPath, command, {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  eachLine(child.stderr, onLine ?? ((line) => void lines.push(line)));
  const url = await new Promise<string>((resolve, reject) => {
    eachLine(child.stdout, (line) => {
      const [, found] = /listens on (http:[^\s,]+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`It ended before it listened.\n${lines.join("\n")}`)));
  });
  const { pid = 0 } = child;
  return {
    url,
    pid,
    port: Number(new URL(url).port),
    log: () => lines.join("\n"),
    ended: () => (child.exitCode ?? child.signalCode)?.toString(),
    signal: (name) => void child.kill(name),
    stop: () => stop(child),
  };
}

/** Descriptors that a process has open. `NaN` where there is no /proc. */
export function openDescriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return Number.NaN;
  }
}

/** What a process has in memory, as the operating system sees it, in MB. `NaN` where there is no /proc. */
export function residentMb(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Requests that the proxy holds for deployments or has waiting for them, by its own metrics. */
export async function heldRequests(url: string, key?: string): Promise<number> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  const [, value] = /^litellm_in_flight_requests (\d+)$/m.exec(text) ?? [];
  if (value === undefined) throw new Error(`The metrics do not tell what is in flight: ${text.slice(0, 500)}`);
  return Number(value);
}

/** Asks until the answer is what is hoped for, or for five seconds; gives the last answer. */
export async function settled<Value>(
  ask: () => Promise<Value> | Value,
  isSettled: (value: Value) => boolean,
): Promise<Value> {
  for (let left = 50; ; left--) {
    const value = await ask();
    if (isSettled(value) || left === 0) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill();
  const killing = setTimeout(() => child.kill("SIGKILL"), 40_000);
  await exit;
  clearTimeout(killing);
}

function eachLine(stream: NodeJS.ReadableStream, tell: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tell(line);
  });
}
