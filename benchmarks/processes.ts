import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

export const GATEWAY_CPU = 0;
export const OTHERS_CPU = 1;

export interface Running {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

/** Starts a script of Node on one CPU and waits for the address that it prints: "… listens on http://…". */
export function start(cpu: number, args: readonly string[]): Promise<Running> {
  const command = [process.execPath, ...args];
  const [program = "", ...rest] = canPin() ? ["taskset", "-c", String(cpu), ...command] : command;
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let printed = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code} before it listened.`)));
    child.stdout.on("data", (bytes) => {
      printed += bytes;
      const url = /listens on (http:\S+)/.exec(printed)?.[1];
      if (url !== undefined && child.pid !== undefined) resolve({ url, pid: child.pid, stop: () => void child.kill() });
    });
  });
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

/** User and system time of a process so far, milliseconds, in steps of 10. `NaN` where there is no /proc. */
export function cpuMs(pid: number): number {
  const stat = readProc(`${pid}/stat`);
  // The second field is the program's name and may hold anything; utime and stime are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Time that a CPU was busy so far, whoever used it, milliseconds. `NaN` where there is no /proc. */
export function busyMs(cpu: number): number {
  const line = readProc("stat").match(new RegExp(`^cpu${cpu} (.*)$`, "m"))?.[1] ?? "";
  const [user = Number.NaN, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(" ").map(Number);
  return (user + nice + system + irq + softirq + steal) * 10;
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    return "";
  }
}
