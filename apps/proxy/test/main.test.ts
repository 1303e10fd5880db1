import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { expect, it, onTestFinished, vi } from "vitest";

// Starting Node takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const chat = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "plain", messages: [{ role: "user", content: "hi" }], stream: true }),
};

it.each(["SIGTERM", "SIGINT"] as const)("%s: the process ends at once when nothing is under way", async (signal) => {
  await using ollama = await startEmulator();
  const { process, url } = await startProcess(["--port", "0"], ollama.url);
  // Leaves idle connections on both sides: none may hold it up.
  await (await fetch(`${url}/v1/chat/completions`, chat)).text();
  const exited = once(process, "exit");
  const asked = performance.now();
  process.kill(signal);
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - asked).toBeLessThan(3_000);
});

it("a second signal does not wait for streams", async () => {
  await using ollama = await startEmulator();
  ollama.enqueue({ fault: { silenceAfterChunks: 2 } });
  const { process, url } = await startProcess(["--port", "0"], ollama.url);
  const response = await fetch(`${url}/v1/chat/completions`, chat);
  const exited = once(process, "exit");
  process.kill("SIGINT");
  await refused(url);
  expect(process.exitCode).toBeNull();
  process.kill("SIGINT");
  expect(await exited).toEqual([130, null]);
  await expect(response.text()).rejects.toThrow();
});

it("a wrong option: exit code 2, words on stderr only", async () => {
  const process = spawnMain(["--prot"], "http://127.0.0.1:1");
  const [stdout, stderr] = [textOf(process.stdout), textOf(process.stderr)];
  expect(await once(process, "exit")).toEqual([2, null]);
  expect(await stdout).toBe("");
  expect(await stderr).toContain("--prot");
});

type Child = ChildProcessByStdio<null, Readable, Readable>;

async function startProcess(args: readonly string[], ollama: string): Promise<{ process: Child; url: string }> {
  const child = spawnMain(args, ollama);
  let banner = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    banner += text;
    const [, url] = /listens on (\S+)\n/.exec(banner) ?? [];
    if (url !== undefined) return { process: child, url };
  }
  throw new Error(`It ended: ${banner}`);
}

function spawnMain(args: readonly string[], ollama: string): Child {
  const child = spawn(process.execPath, ["--conditions=@llamaduct/source", main, ...args], {
    env: { ...process.env, OLLAMA_HOST: ollama },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Until nobody listens there: the first signal has been heard. */
async function refused(url: string): Promise<void> {
  for (;;) {
    try {
      await (await fetch(`${url}/health/liveness`, { headers: { connection: "close" } })).text();
    } catch {
      return;
    }
  }
}

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const part of stream.setEncoding("utf8")) text += part;
  return text;
}
