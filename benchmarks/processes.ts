import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Readable } from "node:stream";

export const GATEWAY_CPU = 0;
export const OTHERS_CPU = 1;

export interface Running {
  /** `http://host:port` */
  readonly url: string;
  readonly pid: number;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The file that its log goes to, as that of a service does. Default: it is shown. */
  readonly log?: string | undefined;
  /** Where it will listen. Ours print it: "… listens on http://…". */
  readonly url?: string | undefined;
}

export const node = (...args: readonly string[]): Command => ({ program: process.execPath, args });

const START_MS = 120_000;
const STOP_MS = 5000;

/** Starts a program on one CPU and waits until it listens. */
export async function start(cpu: number, { program, args, env, log, url }: Command): Promise<Running> {
  const [first = program, ...rest] = canPin() ? ["taskset", "-c", String(cpu), program, ...args] : [program, ...args];
  const file = log === undefined ? "inherit" : openSync(log, "w");
  const child = spawn(first, rest, {
    stdio: ["ignore", url === undefined ? "pipe" : file, file],
    env: { ...process.env, ...env },
  });
  if (typeof file === "number") closeSync(file);
  // Nothing is left behind when the run is broken off.
  const kill = (): void => void child.kill();
  process.once("exit", kill);
  for (const end of ["exit", "error"]) child.once(end, () => process.off("exit", kill));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      const said = log === undefined ? "" : readFileSync(log, "utf8").slice(-1000);
      reject(new Error(`${program} ended with ${code} before it listened. ${said}`));
    });
  });
  // One that has listened may end.
  failed.catch(() => undefined);
  const address = await Promise.race([url === undefined ? printed(child.stdout) : answering(url), failed]);
  return {
    url: address,
    pid: child.pid ?? Number.NaN,
    async stop() {
      kill();
      // Some wait for streams that nobody reads any more.
      const patience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

function printed(output: Readable | null): Promise<string> {
  let text = "";
  return new Promise((resolve) => {
    output?.on("data", (bytes) => {
      text = (text + bytes).slice(-1000);
      const url = /listens on (http:\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

async function answering(url: string): Promise<string> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; ) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Nobody listens on ${url}.`);
}

/** Moves this process, all its threads, to one CPU. */
export function pinSelf(cpu: number): void {
  if (canPin()) execFileSync("taskset", ["-acp", String(cpu), String(process.pid)], { stdio: "ignore" });
}

let pinnable: boolean | undefined;

export function canPin(): boolean {
  pinnable ??= availableParallelism() > 1 && works("taskset", ["-c", String(GATEWAY_CPU), "true"]);
  return pinnable;
}

function works(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** CPU time so far of a process, its threads and its children, milliseconds. `NaN` where there is no /proc. */
export function cpuMs(pid: number): number {
  const own = threads(pid).map((thread) => Number(readProc(`${pid}/task/${thread}/schedstat`).split(" ")[0]) / 1e6);
  const theirs = children(pid).map(cpuMs);
  return own.length === 0 ? Number.NaN : [...own, ...theirs].reduce((sum, each) => sum + each, 0);
}

/** Memory that a process and its children hold, KiB. */
export function residentKiB(pid: number): number {
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(readProc(`${pid}/status`))?.[1]);
  return children(pid).reduce((sum, child) => sum + residentKiB(child), own);
}

/** Time that a CPU was busy so far, whoever used it, milliseconds. `NaN` where there is no /proc. */
export function busyMs(cpu: number): number {
  const line = readProc("stat").match(new RegExp(`^cpu${cpu} (.*)$`, "m"))?.[1] ?? "";
  const [user = Number.NaN, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(" ").map(Number);
  return (user + nice + system + irq + softirq + steal) * 10;
}

function threads(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function children(pid: number): readonly number[] {
  return threads(pid).flatMap((thread) =>
    readProc(`${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    return "";
  }
}
