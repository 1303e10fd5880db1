import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startEmulator } from "@llamaduct/ollama-emulator";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { file } from "./run-command.ts";
import { type MainProcess, spawnMain, startMain } from "./spawn-main.ts";

// Several processes start, one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const WAIT = { timeout: 30_000, interval: 100 };

// Linux tells of a process's children; elsewhere this is as it is there.
describe.skipIf(!existsSync("/proc/self/task"))("--num_workers", () => {
  it("several processes serve one port, one of them says so, and a signal ends them all", async () => {
    await using ollama = await startEmulator();
    const main = await startMain(["--port", "0", "--num_workers", "2"], { OLLAMA_HOST: ollama.url });
    await vi.waitFor(() => expect(workersOf(main)).toHaveLength(2), WAIT);
    const served = await servers(main, 2);
    expect(served.sort()).toEqual(workersOf(main).sort());
    main.process.kill("SIGTERM");
    expect(await once(main.process, "exit")).toEqual([0, null]);
    for (const pid of served) expect(isAlive(pid)).toBe(false);
  });

  it("NUM_WORKERS does it, too; a worker that dies is replaced, and all read the config again", async () => {
    const path = await file(config("first"));
    const main = await startMain(["--port", "0", "--config", path], { NUM_WORKERS: "2" });
    const [first = 0, second = 0] = await servers(main, 2);
    process.kill(first, "SIGKILL");
    await vi.waitFor(() => expect(workersOf(main).filter((pid) => pid !== first)).toHaveLength(2), WAIT);
    expect(main.stderr()).toContain("A worker died (SIGKILL). Another one takes its place.");
    expect(await servers(main, 2)).toContain(second);
    await writeFile(path, config("second"));
    main.process.kill("SIGHUP");
    await vi.waitFor(() => expect(main.stderr().match(/config read again/g)).toHaveLength(2), WAIT);
    for (let count = 0; count < 4; count++) expect(await models(main)).toContain('"second"');
  });

  it("lets a stream end, also when the whole group is told to stop", async () => {
    await using ollama = await startEmulator({ delayMs: 50 });
    const main = await startMain(["--port", "0", "--num_workers", "2"], { OLLAMA_HOST: ollama.url });
    await vi.waitFor(() => expect(workersOf(main)).toHaveLength(2), WAIT);
    const client = new OpenAI({ baseURL: `${main.url}/v1`, apiKey: "none", maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "hi" }];
    const stream = await client.chat.completions.create({ model: "plain", messages, stream: true });
    // As a terminal does it, and systemd.
    for (const pid of [...workersOf(main), main.process.pid ?? 0]) process.kill(pid, "SIGINT");
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("The quick brown llama jumps over the lazy alpaca.");
    await vi.waitFor(() => expect(main.process.exitCode).toBe(0), WAIT);
  });

  it("a second signal does not wait for streams", async () => {
    await using ollama = await startEmulator();
    ollama.enqueue({ fault: { silenceAfterChunks: 2 }, times: 9 });
    const main = await startMain(["--port", "0", "--num_workers", "2"], { OLLAMA_HOST: ollama.url });
    await vi.waitFor(() => expect(workersOf(main)).toHaveLength(2), WAIT);
    const workers = workersOf(main);
    const client = new OpenAI({ baseURL: `${main.url}/v1`, apiKey: "none", maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "hi" }];
    await client.chat.completions.create({ model: "plain", messages, stream: true });
    main.process.kill("SIGINT");
    await vi.waitFor(() => expect(workersOf(main)).toHaveLength(1), WAIT);
    main.process.kill("SIGINT");
    expect(await once(main.process, "exit")).toEqual([130, null]);
    await vi.waitFor(() => expect(workers.filter(isAlive)).toEqual([]), WAIT);
  });

  it("what keeps them from serving is said once, and its exit code is theirs", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const process = spawnMain(["--port", String(port), "--num_workers", "3"], { OLLAMA_HOST: "127.0.0.1:1" });
    let stderr = "";
    process.stderr.on("data", (text) => {
      stderr += text;
    });
    expect(await once(process, "exit")).toEqual([1, null]);
    expect(stderr.match(/is in use/g)).toHaveLength(1);
  });

  it("stops when they keep dying", async () => {
    const flag = await file("", "dying");
    // Workers end as soon as they begin, once the first one has listened.
    const code = `import cluster from "node:cluster";
      import { readFileSync } from "node:fs";
      if (cluster.isWorker && readFileSync(${JSON.stringify(flag)}, "utf8") === "now") process.exit(3);`;
    const environment = {
      OLLAMA_HOST: "127.0.0.1:1",
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
    };
    const main = await startMain(["--port", "0", "--num_workers", "2"], environment);
    await vi.waitFor(() => expect(workersOf(main)).toHaveLength(2), WAIT);
    await servers(main, 2);
    writeFileSync(flag, "now");
    for (const pid of workersOf(main)) process.kill(pid, "SIGKILL");
    expect(await once(main.process, "exit")).toEqual([1, null]);
    expect(main.stderr()).toContain("the 7th within a minute");
  });
});

function workersOf({ process: { pid } }: MainProcess): number[] {
  const text = execFileSync("cat", [`/proc/${pid}/task/${pid}/children`], { encoding: "utf8" });
  return text.trim().split(" ").filter(Boolean).map(Number);
}

/** The processes that answer, when there are so many. */
async function servers(main: MainProcess, count: number): Promise<number[]> {
  return vi.waitFor(async () => {
    await models(main);
    const pids = new Set([...main.stderr().matchAll(/"pid":(\d+).*"msg":"request"/g)].map(([, pid]) => Number(pid)));
    const alive = [...pids].filter(isAlive);
    expect(alive).toHaveLength(count);
    return alive;
  }, WAIT);
}

async function models({ url }: MainProcess): Promise<string> {
  return (await fetch(`${url}/v1/models`, { headers: { connection: "close" } })).text();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // No such process.
    return false;
  }
}

function config(name: string): string {
  const entry = { model_name: name, litellm_params: { model: "ollama_chat/x", api_base: "http://127.0.0.1:1" } };
  return JSON.stringify({ model_list: [entry] });
}
