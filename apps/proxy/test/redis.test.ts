import { writeFile } from "node:fs/promises";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { createRedisState } from "@llamaduct/redis-state";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { file, outcome, type RunningCommand, started } from "./run-command.ts";
import { HAS_REDIS, placeForRedis, startRedis } from "./start-redis.ts";

// Two proxies and a server start, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const WAIT = { timeout: 20_000, interval: 50 };
const request = { model: "plain", messages: [{ role: "user", content: "hi" } as const] };
const AWAY = "Redis is away: this process counts for itself until it is back";
const THERE = "Redis is there: limits, cooldowns and load are shared";

/** Requests a minute. */
interface Limits {
  readonly rpm: number;
  /** Of the deployment. */
  readonly enforced?: number;
}

/** Two proxies with one config. */
async function twoProxies(redis: string, { rpm, enforced = 100_000 }: Limits) {
  const ollama = await startEmulator();
  onTestFinished(() => ollama.close());
  const path = await file(
    JSON.stringify({
      model_list: [
        { model_name: "plain", litellm_params: { model: "ollama_chat/plain", api_base: ollama.url, rpm: enforced } },
      ],
      router_settings: { redis_url: redis, optional_pre_call_checks: ["enforce_model_rate_limits"], num_retries: 0 },
      general_settings: { master_key: "sk-master" },
      llamaduct: { keys: [{ name: "a", key: "sk-a", rpm }] },
    }),
  );
  const start = () => started(["--port", "0", "--host", "127.0.0.1", "--config", path], {});
  const proxies: [RunningCommand, RunningCommand] = [await start(), await start()];
  const [first, second] = proxies.map(
    ({ url }) => new OpenAI({ baseURL: `${url}/v1`, apiKey: "sk-a", maxRetries: 0, timeout: 20_000 }),
  );
  if (first === undefined || second === undefined) throw new Error("There are two.");
  return { proxies, clients: [first, second] as const };
}

/** HTTP status. */
function ask(client: OpenAI): Promise<number> {
  return client.chat.completions.create(request).then(
    () => 200,
    (error) => error.status ?? 0,
  );
}

/** Of 80 requests, half to each. Undefined when a busy machine let one proxy count for itself, as it then should. */
async function eightyAnswers(limits: Limits): Promise<readonly number[] | undefined> {
  const { url } = await startRedis();
  const { proxies, clients } = await twoProxies(url, limits);
  const statuses: number[] = [];
  for (let round = 0; round < 10; round++)
    statuses.push(...(await Promise.all([...clients, ...clients, ...clients, ...clients].map(ask))));
  return proxies.some((proxy) => said(proxy).includes(AWAY)) ? undefined : statuses;
}

function said({ log }: RunningCommand): readonly unknown[] {
  return log.map(({ msg }) => msg).filter((each) => each === AWAY || each === THERE);
}

async function redisUp({ url }: RunningCommand): Promise<string | undefined> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: "Bearer sk-master" } });
  return /^llamaduct_redis_up (\d)$/m.exec(await response.text())?.[1];
}

describe.skipIf(!HAS_REDIS)("two proxies and a Redis, where redis-server is installed", () => {
  it.each([
    ["a key", { rpm: 60 }],
    ["a deployment", { rpm: 100_000, enforced: 60 }],
  ])("60 requests a minute of %s hold across both", async (_, limits) => {
    let statuses = await eightyAnswers(limits);
    for (let again = 0; statuses === undefined && again < 3; again++) statuses = await eightyAnswers(limits);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const answered = statuses?.filter((status) => status === 200).length;
    expect(answered).toBeGreaterThanOrEqual(57);
    expect(answered).toBeLessThanOrEqual(63);
  });

  it("no request is lost when Redis is killed and comes back under load", async () => {
    const redis = await startRedis();
    const { proxies, clients } = await twoProxies(redis.url, { rpm: 100_000 });
    let isOver = false;
    const statuses: number[] = [];
    const load = [...clients, ...clients, ...clients].map(async (client) => {
      while (!isOver) statuses.push(await ask(client));
    });
    const more = async () => {
      const count = statuses.length;
      await expect.poll(() => statuses.length, WAIT).toBeGreaterThan(count + 30);
    };
    await more();
    await redis.kill();
    await more();
    await expect.poll(() => Promise.all(proxies.map(redisUp)), WAIT).toEqual(["0", "0"]);
    await redis.start();
    await expect.poll(() => Promise.all(proxies.map(redisUp)), WAIT).toEqual(["1", "1"]);
    await more();
    isOver = true;
    await Promise.all(load);
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (const proxy of proxies) {
      const words = said(proxy);
      expect([words.at(0), words.includes(AWAY), words.at(-1)]).toEqual([THERE, true, THERE]);
    }
  });

  it("a deployment that one has found dead is left alone by the other", async () => {
    const { url } = await startRedis();
    const path = await file(
      JSON.stringify({
        model_list: [
          {
            model_name: "m",
            litellm_params: { model: "ollama_chat/m", api_base: "http://127.0.0.1:1" },
            model_info: { id: "dead" },
          },
        ],
        router_settings: { redis_url: url, num_retries: 0, cooldown_time: 60 },
        llamaduct: { status_interval: 0 },
      }),
    );
    const start = () => started(["--port", "0", "--host", "127.0.0.1", "--config", path], {});
    const [first, second] = [await start(), await start()];
    const code = async ({ url }: RunningCommand) => {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0 });
      return client.chat.completions.create({ ...request, model: "m" }).catch(({ code }) => code);
    };
    const witness = await createRedisState({ url });
    onTestFinished(() => witness.close());
    expect(await code(first)).toBe("upstream_connection_failed");
    await expect.poll(() => witness.shared.cooledMs("dead"), WAIT).toBeGreaterThan(0);
    expect(await code(second)).toBe("no_healthy_upstream");
  });
});

it("serves without the Redis of its config, says so once, and no secret", async () => {
  const { url } = await placeForRedis();
  const secret = url.replace("//", "//:secret@");
  const { proxies, clients } = await twoProxies(secret, { rpm: 2 });
  expect([await ask(clients[0]), await ask(clients[0]), await ask(clients[0])]).toEqual([200, 200, 429]);
  for (const { log, complaints, banner } of proxies) {
    expect(log.filter(({ msg }) => msg === AWAY)).toMatchObject([{ reason: "ECONNREFUSED", level: 40 }]);
    expect(JSON.stringify([log, complaints, banner])).not.toContain("secret");
  }
});

it("keeps its Redis through a reload, and says so", async () => {
  const path = await file("{}");
  const proxy = await started(["--port", "0", "--config", path], { OLLAMA_HOST: "127.0.0.1:1" });
  await writeFile(path, "router_settings: { redis_host: 127.0.0.1, redis_port: 1 }");
  proxy.reload();
  const message = "another Redis in the config counts from the next start on";
  await expect.poll(() => proxy.log.filter(({ msg }) => msg === message), WAIT).toHaveLength(1);
  expect(said(proxy)).toEqual([]);
});

it("does not start with a Redis whose URL leads nowhere", async () => {
  const path = await file("router_settings: { redis_url: 'http://:secret@h' }");
  const { code, complaints } = await outcome(["--config", path]);
  expect(code).toBe(1);
  expect(complaints.join("\n")).toContain("URL of Redis");
  expect(complaints.join("\n")).not.toContain("secret");
});
