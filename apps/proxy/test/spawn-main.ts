import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export type Child = ChildProcessByStdio<null, Readable, Readable>;

export interface MainProcess {
  readonly process: Child;
  readonly url: string;
  readonly banner: string;
  /** What it has written to stderr so far. */
  readonly stderr: () => string;
}

/** `main.ts` in a process of its own, with an Ollama to talk to; killed with the test. */
export function spawnMain(args: readonly string[], environment: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, ["--conditions=@llamaduct/source", main, ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The same, once it listens. */
export async function startMain(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<MainProcess> {
  const child = spawnMain(args, environment);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let banner = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    banner += text;
    const [, url] = /listens on (http[^\s,]+)/.exec(banner) ?? [];
    if (url !== undefined) return { process: child, url, banner, stderr: () => stderr };
  }
  throw new Error(`It ended: ${banner}${stderr}`);
}
