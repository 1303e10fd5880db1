import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLlamaduct, type Llamaduct, type LlamaductOptions } from "../../packages/llamaduct/src/index.ts";
import { hasOwnServers, kill, type OwnServer, ownServer, start, stop } from "./own-server.ts";

const servers: readonly OwnServer[] = [
  ownServer("0.33.0", 11631),
  ownServer("0.24.0", 11632),
  ownServer("0.33.0", 11633),
];

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

const messages = [{ role: "user", content: "hi" }] as const;
const sentence = "The quick brown llama jumps over the lazy alpaca.";
const [first, second, third] = servers as readonly [OwnServer, OwnServer, OwnServer];

/** Every model of these servers under its own name. Closed by the test. */
function engineOf(hosts: readonly OwnServer[], options: LlamaductOptions = {}): Llamaduct {
  return createLlamaduct({
    deployments: hosts.map(({ port, url }) => ({
      id: String(port),
      name: "*",
      model: "ollama_chat/*",
      settings: { baseURL: url },
    })),
    ...options,
  });
}

async function seen(engine: Llamaduct): Promise<void> {
  await expect.poll(() => engine.states().every(({ seenAt }) => seenAt !== undefined), { timeout: 10_000 }).toBe(true);
}

describe.skipIf(!hasOwnServers)("several real hosts behind one name", () => {
  beforeAll(async () => {
    for (const server of servers) await start(server);
  }, 180_000);
  afterAll(async () => {
    for (const server of servers) await stop(server);
  });

  it("a model that only one has goes there, by any spelling of its name", async () => {
    await post(`${second.url}/api/copy`, { source: "plain", destination: "only-here" });
    const engine = engineOf(servers);
    try {
      await seen(engine);
      for (const model of ["only-here", "only-here:latest", "Only-Here"])
        for (let index = 0; index < 5; index++) {
          const { attempt } = await engine.chat({ model, messages });
          expect(attempt).toMatchObject({ deploymentId: String(second.port), attempts: 1 });
        }
      const { data } = await engine.listModels();
      expect(data.filter(({ id }) => id === "only-here:latest")).toHaveLength(1);
      expect(data.filter(({ id }) => id === "plain:latest")).toHaveLength(1);
    } finally {
      engine.close();
      await fetch(`${second.url}/api/delete`, { method: "DELETE", body: JSON.stringify({ model: "only-here" }) });
    }
  });

  it("O2: a host that has the model loaded is preferred; with another window it is not loaded", async () => {
    for (const { url } of servers) await post(`${url}/api/generate`, { model: "unicode", keep_alive: 0 });
    await post(`${second.url}/api/chat`, { model: "unicode", messages, stream: false, options: { num_ctx: 1024 } });
    const engine = engineOf(servers, { routing: { strategy: "warm-first" } });
    try {
      await expect
        .poll(() => engine.states()[1]?.loaded?.some(({ id }) => id.startsWith("unicode")), { timeout: 10_000 })
        .toBe(true);
      for (let index = 0; index < 6; index++) {
        const { attempt } = await engine.chat({ model: "unicode", messages, num_ctx: 1024 });
        expect(attempt?.deploymentId).toBe(String(second.port));
      }
      expect(engine.states()[1]?.loaded?.find(({ id }) => id.startsWith("unicode"))?.contextLength).toBe(1024);
    } finally {
      engine.close();
    }
  });

  it("mixed versions answer alike", async () => {
    const answers = new Set<string>();
    for (const server of [first, second]) {
      const engine = engineOf([server]);
      const { choices, usage } = await engine.completion({ model: "plain", messages });
      let streamed = "";
      for await (const chunk of await engine.completion({ model: "plain", messages, stream: true }))
        streamed += chunk.choices[0]?.delta.content ?? "";
      const { data } = await engine.embedding({ model: "embedder", input: ["a", "b"] });
      const embedding = data.map(({ embedding }) => embedding.length);
      answers.add(JSON.stringify({ choices, usage, streamed, embedding }));
      engine.close();
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain(sentence);
  });

  it("one that dies under 50 requests a second is hardly seen, and noticed when it is back", async () => {
    const engine = engineOf(servers, { routing: { strategy: "least-busy" } });
    await seen(engine);
    // Loaded everywhere: what is measured is the failure, not the loading.
    for (const { url } of servers)
      await post(`${url}/api/chat`, { model: "plain", messages, stream: false, keep_alive: "5m" });

    interface Asked {
      readonly at: number;
      readonly by?: string | undefined;
      readonly error?: unknown;
    }
    const asked: Promise<Asked>[] = [];
    const ask = async (isStreamed: boolean): Promise<Asked> => {
      const at = performance.now();
      try {
        // One token, so that a machine without a GPU keeps up.
        const answer = await engine.chat({ model: "plain", messages, stream: isStreamed, max_tokens: 1 });
        if (Symbol.asyncIterator in answer.body) for await (const _ of answer.body);
        return { at, by: answer.attempt?.deploymentId };
      } catch (error) {
        return { at, error };
      }
    };
    const load = async (seconds: number) => {
      for (let index = 0; index < seconds * 50; index++) {
        asked.push(ask(index % 2 === 0));
        await delay(20);
      }
    };
    try {
      await load(2);
      const killedAt = performance.now();
      kill(third);
      await load(4);
      const before = (await Promise.all(asked)).filter(({ at }) => at >= killedAt - 1000);
      const inFirstSecond = before.filter(({ at }) => at < killedAt + 1000);
      const later = before.filter(({ at }) => at >= killedAt + 1000);
      const errors = (of: readonly Asked[]) => of.flatMap(({ error }) => error ?? []);
      expect(errors(inFirstSecond).length / inFirstSecond.length).toBeLessThanOrEqual(0.005);
      expect(errors(later)).toEqual([]);
      expect(later.map(({ by }) => by)).not.toContain(String(third.port));
      expect(engine.states()[2]).toMatchObject({ healthy: false });

      await start(third);
      await expect.poll(() => engine.states()[2]?.healthy, { timeout: 10_000 }).toBe(true);
      const backAt = performance.now();
      await load(2);
      const afterwards = (await Promise.all(asked)).filter(({ at }) => at >= backAt);
      expect(errors(afterwards)).toEqual([]);
      expect(afterwards.map(({ by }) => by)).toContain(String(third.port));
    } finally {
      engine.close();
    }
  }, 240_000);
});
