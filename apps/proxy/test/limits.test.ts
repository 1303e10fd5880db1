import { createHash } from "node:crypto";
import type { LimitStore } from "@llamaduct/router";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import type { KeyConfig, ServerConfig } from "../src/config/proxy-config.ts";
import { line } from "./ndjson.ts";
import { startProxy, type TestProxy } from "./start-proxy.ts";

const masterKey = "sk-master";
const request = { model: "plain", messages: [{ role: "user", content: "hi" } as const] };
const sha256 = createHash("sha256").update("sk-a").digest("hex");

async function limited(limits: Partial<KeyConfig>, server: ServerConfig = {}, store?: LimitStore): Promise<TestProxy> {
  return startProxy({
    masterKey,
    server: { masterKey, keys: [{ name: "a", sha256, ...limits }], ...server },
    app: { limits: store },
  });
}

function clientOf({ url }: TestProxy, apiKey = "sk-a"): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

describe("requests a minute", () => {
  it("are counted, told, and refused when there are too many; the master key has none", async () => {
    const proxy = await limited({ rpm: 2 });
    const client = clientOf(proxy);
    const { response } = await client.chat.completions.create(request).withResponse();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-litellm-key-rpm-limit": "2",
      "x-ratelimit-limit-requests": "2",
      "x-ratelimit-remaining-requests": "1",
      "x-ratelimit-reset-requests": expect.stringMatching(/^\d+s$/),
    });
    expect(response.headers.has("x-ratelimit-limit-tokens")).toBe(false);
    await client.embeddings.create({ model: "embedder", input: "hi" });
    const error = await client.chat.completions.create(request).catch((reason) => reason);
    expect(error).toMatchObject({ status: 429, code: "rate_limit_exceeded", type: "rate_limit_error", param: null });
    expect(Object.fromEntries(error.headers)).toMatchObject({
      "retry-after": expect.stringMatching(/^([1-9]|[1-5]\d|60)$/),
      "retry-after-ms": expect.stringMatching(/^\d+$/),
      "x-should-retry": "true",
      "x-ratelimit-remaining-requests": "0",
      "x-litellm-call-id": expect.stringMatching(/./),
    });
    const answers = Array.from({ length: 4 }, () => proxy.client.chat.completions.create(request).withResponse());
    for (const { response } of await Promise.all(answers))
      expect(response.headers.has("x-ratelimit-limit-requests")).toBe(false);
  });

  it("count only what a model is asked", async () => {
    const proxy = await limited({ rpm: 1 });
    for (let index = 0; index < 3; index++) await clientOf(proxy).models.list();
    await clientOf(proxy).chat.completions.create(request);
  });

  it("are the same whichever header the key stands in", async () => {
    const { url } = await limited({ rpm: 1 });
    const status = async (headers: Record<string, string>) => {
      const init = { method: "POST", body: JSON.stringify(request) };
      const type = { "content-type": "application/json" };
      return (await fetch(`${url}/v1/chat/completions`, { ...init, headers: { ...type, ...headers } })).status;
    };
    expect(await status({ authorization: "Bearer sk-a" })).toBe(200);
    for (const name of ["x-api-key", "api-key", "x-litellm-api-key"])
      expect(await status({ [name]: "sk-a" })).toBe(429);
  });

  it("are counted in the store that is given, under the key's name", async () => {
    const used: string[] = [];
    const store: LimitStore = {
      use: async ({ key, limit }) => {
        used.push(`${key} ${limit}`);
        return { allowed: true, remaining: 0, resetMs: 1 };
      },
      add: async () => {},
    };
    await clientOf(await limited({ rpm: 7, tpm: 9 }, {}, store)).chat.completions.create(request);
    expect(used).toEqual(["key:a:tokens 9", "key:a:requests 7"]);
  });
});

it("tokens a minute: what an answer cost, streamed or whole, is missing afterwards", async () => {
  for (const stream of [false, true]) {
    const proxy = await limited({ tpm: 1000 });
    const client = clientOf(proxy);
    const remaining = async () => {
      const { response, data } = await client.chat.completions.create({ ...request, stream }).withResponse();
      if (Symbol.asyncIterator in data) for await (const _ of data);
      return Number(response.headers.get("x-ratelimit-remaining-tokens"));
    };
    expect(await remaining()).toBe(999);
    await expect.poll(() => proxy.records.length).toBe(1);
    const [first] = proxy.records;
    const cost = (first?.inputTokens ?? 0) + (first?.outputTokens ?? 0);
    expect(cost).toBeGreaterThan(1);
    expect(await remaining()).toBe(999 - cost);
  }
});

it("tokens a minute: a key that has none left waits", async () => {
  const proxy = await limited({ tpm: 2 });
  await clientOf(proxy).chat.completions.create(request);
  await expect.poll(() => proxy.records.length).toBe(1);
  await expect(clientOf(proxy).chat.completions.create(request)).rejects.toMatchObject({
    status: 429,
    code: "rate_limit_exceeded",
    message: expect.stringContaining("2 tokens a minute"),
  });
});

describe("requests at a time", () => {
  it.each<[string, Partial<KeyConfig>, ServerConfig, string]>([
    ["of the key", { maxParallelRequests: 1 }, { maxParallelRequests: 5 }, "sk-a"],
    ["of every key that says none", {}, { maxParallelRequests: 1 }, "sk-a"],
    ["of the whole proxy", {}, { globalMaxParallelRequests: 1 }, masterKey],
  ])("%s: one too many is refused until one has ended, or its client has left", async (_, limits, server, second) => {
    const proxy = await limited(limits, server);
    const chunk = line({ content: "a" });
    proxy.emulator.enqueue({ chunks: [chunk], fault: { silenceAfterChunks: 1 } });
    const abort = new AbortController();
    const first = await clientOf(proxy).chat.completions.create({ ...request, stream: true }, { signal: abort.signal });
    const refused = await clientOf(proxy, second)
      .chat.completions.create(request)
      .catch((reason) => reason);
    expect(refused).toMatchObject({ status: 429, code: "concurrency_limit_exceeded", type: "rate_limit_error" });
    expect(refused.headers.get("retry-after")).toBe("1");
    abort.abort();
    await (async () => {
      for await (const _ of first);
    })().catch(() => {});
    await expect.poll(() => proxy.records.length).toBe(2);
    await clientOf(proxy, second).chat.completions.create(request);
    await clientOf(proxy, second).chat.completions.create(request);
  });

  it("T18: however requests end, no place is lost and none is won", async () => {
    const proxy = await limited({ maxParallelRequests: 3 });
    const client = clientOf(proxy);
    const hanging = { chunks: [line({ content: "a" })], fault: { silenceAfterChunks: 1 } } as const;
    for (let round = 0; round < 6; round++) {
      proxy.emulator.enqueue(hanging);
      const abort = new AbortController();
      const { signal } = abort;
      const ended = Promise.allSettled([
        client.chat.completions.create({ ...request, stream: true }, { signal }).then(consume),
        client.chat.completions.create({ ...request, stream: round % 2 === 0 }, { signal }).then(consume),
        client.chat.completions.create({ ...request, model: "nope" }, { signal }),
        client.chat.completions.create({ ...request, n: 0 }, { signal }),
      ]);
      if (round % 3 !== 0) await proxy.emulator.nextRequest();
      abort.abort();
      await ended;
    }
    proxy.emulator.enqueue({ ...hanging, times: 9 });
    for (let held = 0; held < 3; ) {
      // The last of those that were left may still be ending.
      const isHeld = await client.chat.completions.create({ ...request, stream: true }).then(
        () => true,
        () => false,
      );
      if (isHeld) held++;
    }
    await expect(client.chat.completions.create(request)).rejects.toMatchObject({ code: "concurrency_limit_exceeded" });
  });

  it("the master key has no limit of a key's", async () => {
    const proxy = await limited({}, { maxParallelRequests: 1 });
    await Promise.all(Array.from({ length: 5 }, () => proxy.client.chat.completions.create(request)));
  });
});

async function consume(answer: unknown): Promise<void> {
  if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer)
    for await (const _ of answer as AsyncIterable<unknown>);
}
