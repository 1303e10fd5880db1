// node overload.ts [--seconds N]: three times the requests that the proxy takes at a time, and what becomes of each. Reports,
// asserts nothing: apps/proxy/test/overload.test.ts counts. The proxy must be built.
import { writeFileSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { GATEWAY_CPU, node, OTHERS_CPU, pinSelf, start } from "./processes.ts";

const CAP = 20;
/** What one answer takes upstream: with the cap, at most 400 of them a second. */
const SERVICE_MS = 50;

interface Answer {
  readonly status: number;
  readonly ms: number;
  /** Since the phase began. */
  readonly at: number;
}

const { values } = parseArgs({ options: { seconds: { type: "string", default: "5" } } });
pinSelf(OTHERS_CPU);
// A line a request would be most of what this prints.
process.env["LITELLM_LOG"] = "ERROR";
const upstream = createServer((incoming, response) => {
  incoming.resume();
  const end = JSON.stringify({ message: { role: "assistant", content: "hi" }, done: true, done_reason: "stop" });
  setTimeout(() => response.end(`${end}\n`), SERVICE_MS);
});
await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
// A server that listens on TCP has an address of this shape.
const { port } = upstream.address() as AddressInfo;
const config = join(tmpdir(), `llamaduct-overload-${process.pid}.yaml`);
writeFileSync(
  config,
  JSON.stringify({
    model_list: [{ model_name: "m", litellm_params: { model: "ollama_chat/m", api_base: `http://127.0.0.1:${port}` } }],
    general_settings: { max_in_flight_requests_per_worker: CAP, master_key: "sk-overload" },
  }),
);
const main = fileURLToPath(new URL("../apps/proxy/dist/main.js", import.meta.url));
const proxy = await start(GATEWAY_CPU, node(main, "--config", config, "--host", "127.0.0.1", "--port", "0"));

try {
  await phase(CAP, 1_000);
  const ms = Number(values.seconds) * 1000;
  const before = summary(await phase(CAP, ms), ms);
  const over = summary(await phase(3 * CAP, ms), ms);
  const recovered = await phase(CAP, ms);
  const after = summary(recovered, ms);
  const firstOk = recovered.find(({ status }) => status === 200)?.at;
  console.table({ [`${CAP} at a time`]: before, [`${3 * CAP} at a time`]: over, [`${CAP} again`]: after });
  console.log(`first 200 after it: ${firstOk?.toFixed(0)} ms (an answer takes ${SERVICE_MS})`);
} finally {
  await proxy.stop();
  upstream.closeAllConnections();
  upstream.close();
}

/** So many clients, each with one request at a time; one that is refused comes back after 50 ms, sooner than it was told. */
async function phase(clients: number, ms: number): Promise<readonly Answer[]> {
  const agent = new Agent({ keepAlive: true });
  const answers: Answer[] = [];
  const began = performance.now();
  async function client(): Promise<void> {
    while (performance.now() - began < ms) {
      const sent = performance.now();
      const status = await ask(agent);
      const now = performance.now();
      answers.push({ status, ms: now - sent, at: now - began });
      if (status === 503) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return answers;
}

function ask(agent: Agent): Promise<number> {
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] });
  const headers = { "content-type": "application/json", authorization: "Bearer sk-overload" };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${proxy.url}/v1/chat/completions`, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function summary(answers: readonly Answer[], ms: number): Readonly<Record<string, number>> {
  const good = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status === 503);
  return {
    "200/s": Math.round((good.length / ms) * 1000),
    "200 p99 ms": percentile(good, 0.99),
    "503/s": Math.round((refused.length / ms) * 1000),
    "503 p50 ms": percentile(refused, 0.5),
    "503 p99 ms": percentile(refused, 0.99),
    other: answers.length - good.length - refused.length,
  };
}

function percentile(answers: readonly Answer[], share: number): number {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
}
