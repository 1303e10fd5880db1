// node listing.ts [--check]: how long `GET /v1/models` takes through a socket with 1,000 models, one request after the other
// on one connection; from a config that lists them, and from a host that has them. With the master key, and with one
// that may use a tenth of them. Of five rounds the one with the least p99 counts: other programs only ever add to it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cpuMs, GATEWAY_CPU, node, OTHERS_CPU, pinSelf, type Running, start } from "./processes.ts";

const ROUNDS = 5;
const REQUESTS = 1000;
const AT_MOST_MS = 2;
const MODELS = Array.from({ length: 1000 }, (_, index) => `family-${index % 10}:size-${index}`);
const [MASTER, TENTH] = ["sk-benchmark", "sk-tenth"];

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
pinSelf(OTHERS_CPU);
const directory = mkdtempSync(join(tmpdir(), "llamaduct-bench-"));
const host = createServer((request, response) => {
  const models = MODELS.map((name) => ({ name, model: name, modified_at: "2026-11-22T10:00:00Z", size: 1 }));
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ models: request.url === "/api/tags" ? models : [] }));
}).listen(0, "127.0.0.1");
try {
  await new Promise((resolve) => host.once("listening", resolve));
  // A server that listens on TCP has an address of this shape.
  const apiBase = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  const entry = (name: string) => ({
    model_name: name,
    litellm_params: { model: `ollama_chat/${name}`, api_base: apiBase },
  });
  console.log(
    "| models from | key | models listed | p50, ms | p99, ms | CPU, ms |\n| --- | --- | --- | --- | --- | --- |",
  );
  for (const [from, list] of [
    ["the config", MODELS.map(entry)],
    ["a host", [entry("*")]],
  ] as const) {
    const proxy = await startProxy(list);
    try {
      for (const key of [MASTER, TENTH]) {
        const { count, p50, p99, cpu } = await measure(proxy, key);
        const figures = [p50, p99, cpu].map((ms) => ms.toFixed(2)).join(" | ");
        console.log(`| ${from} | ${key === MASTER ? "master" : "of a tenth"} | ${count} | ${figures} |`);
        if (values.check && p99 > AT_MOST_MS) process.exitCode = 1;
      }
    } finally {
      await proxy.stop();
    }
  }
} finally {
  host.closeAllConnections();
  host.close();
  rmSync(directory, { recursive: true });
}

function startProxy(model_list: readonly object[]) {
  const config = join(directory, "config.yaml");
  const keys = [{ name: "tenth", key: TENTH, models: ["family-0*"] }];
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ model_list, general_settings: { master_key: MASTER }, llamaduct: { keys } }));
  const main = fileURLToPath(new URL("../apps/proxy/dist/main.js", import.meta.url));
  return start(GATEWAY_CPU, node(main, "--config", config, "--host", "127.0.0.1", "--port", "0"));
}

async function measure({ url, pid }: Running, key: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const list = () => ask(`${url}/v1/models`, { agent, headers: { authorization: `Bearer ${key}` } });
  const { data } = JSON.parse(await list()) as { data: unknown[] };
  const rounds: { p50: number; p99: number; cpu: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const times: number[] = [];
    const cpuBefore = cpuMs(pid);
    for (let request = 0; request < REQUESTS; request++) {
      const startedAt = performance.now();
      await list();
      times.push(performance.now() - startedAt);
    }
    const cpu = (cpuMs(pid) - cpuBefore) / REQUESTS;
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
    // The first one warms up.
    if (round > 0) rounds.push({ p50: at(0.5), p99: at(0.99), cpu });
  }
  agent.destroy();
  const best = rounds.reduce((a, b) => (b.p99 < a.p99 ? b : a));
  return { count: data.length, ...best };
}

function ask(url: string, options: { agent: Agent; headers: Record<string, string> }): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, options, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () => resolve(Buffer.concat(pieces).toString()));
      response.on("error", reject);
    }).on("error", reject);
  });
}
