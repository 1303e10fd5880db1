import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { expect, it, vi } from "vitest";
import { file } from "./run-command.ts";
import { spawnMain, startMain } from "./spawn-main.ts";

// Starting Node takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const chat = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "plain", messages: [{ role: "user", content: "hi" }], stream: true }),
};

it.each(["SIGTERM", "SIGINT"] as const)("%s: the process ends at once when nothing is under way", async (signal) => {
  await using ollama = await startEmulator();
  const { process, url } = await startMain(["--port", "0"], { OLLAMA_HOST: ollama.url });
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
  const { process, url } = await startMain(["--port", "0"], { OLLAMA_HOST: ollama.url });
  const response = await fetch(`${url}/v1/chat/completions`, chat);
  const exited = once(process, "exit");
  process.kill("SIGINT");
  await refused(url);
  expect(process.exitCode).toBeNull();
  process.kill("SIGINT");
  expect(await exited).toEqual([130, null]);
  await expect(response.text()).rejects.toThrow();
});

it("a log that nobody reads holds up neither answers nor the end", async () => {
  await using ollama = await startEmulator();
  const { process, url } = await startMain(["--port", "0"], { OLLAMA_HOST: ollama.url });
  process.stderr.pause();
  // Some 350 bytes each: together more than a pipe and Node's buffers hold.
  for (let round = 0; round < 100; round++)
    await Promise.all(Array.from({ length: 20 }, async () => (await fetch(`${url}/v1/models`)).arrayBuffer()));
  const exited = once(process, "exit");
  process.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

it("a wrong option: exit code 2, words on stderr only", async () => {
  const process = spawnMain(["--prot"], {});
  const [stdout, stderr] = [textOf(process.stdout), textOf(process.stderr)];
  expect(await once(process, "exit")).toEqual([2, null]);
  expect(await stdout).toBe("");
  expect(await stderr).toContain("--prot");
});

it("SIGHUP reads the config again", async () => {
  const path = await file(config("first"));
  const { process, url, stderr } = await startMain(["--port", "0", "--config", path], {});
  await writeFile(path, config("second"));
  process.kill("SIGHUP");
  await vi.waitFor(() => expect(stderr()).toContain("config read again"), { timeout: 10_000 });
  expect(await (await fetch(`${url}/v1/models`)).text()).toContain('"second"');
  process.kill("SIGTERM");
  expect(await once(process, "exit")).toEqual([0, null]);
});

it("what nobody caught is logged once, and ends it with 70", async () => {
  const code =
    'setTimeout(() => { Promise.reject(new Error("nobody caught this")); throw new Error("nor that"); }, 2500)';
  const { process, stderr } = await startMain(["--port", "0"], {
    OLLAMA_HOST: "127.0.0.1:1",
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
  });
  expect(await once(process, "exit")).toEqual([70, null]);
  expect(stderr().match(/an error that nobody caught/g)).toHaveLength(1);
});

function config(name: string): string {
  const entry = { model_name: name, litellm_params: { model: "ollama_chat/x", api_base: "http://127.0.0.1:1" } };
  return JSON.stringify({ model_list: [entry] });
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
