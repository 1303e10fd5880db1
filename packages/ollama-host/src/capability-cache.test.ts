import { ProviderError } from "@llamaduct/core";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createCapabilityCache } from "./capability-cache.ts";
import type { ShownModel, TaggedModel } from "./model-wire.ts";
import { createOllamaHost } from "./ollama-host.ts";

afterEach(() => vi.useRealTimers());

/** A host whose models can be changed, and which counts what it is asked. */
function host(models: Record<string, readonly string[]>) {
  const asked: string[] = [];
  const tags: TaggedModel[] = [];
  const cache = createCapabilityCache({
    async show(model): Promise<ShownModel | undefined> {
      asked.push(model);
      const capabilities = models[model];
      return capabilities && { capabilities };
    },
    async tags() {
      return tags;
    },
  });
  return { asked, cache, models, tags };
}

describe("describe", () => {
  it("K1: asks the host once, whoever asks and however the name is spelt", async () => {
    const { asked, cache } = host({ m: ["completion", "tools"] });
    await Promise.all([cache.describe("m"), cache.describe("m")]);
    const info = await cache.describe("M:latest");
    expect(info).toMatchObject({ id: "M:latest", capabilities: { tools: "native", reasoning: "none" } });
    expect(cache.known("library/m").tools).toBe("native");
    expect(asked).toEqual(["m"]);
  });

  it("keeps no absence: a model may be pulled any moment", async () => {
    const { asked, cache, models } = host({});
    expect(await cache.describe("m")).toBeUndefined();
    models["m"] = ["completion"];
    expect(await cache.describe("m")).toMatchObject({ id: "m" });
    expect(asked).toEqual(["m", "m"]);
  });

  it("K2: asks again after five minutes, and knows nothing in between", async () => {
    vi.useFakeTimers();
    const { cache, models } = host({ m: ["completion"] });
    await cache.describe("m");
    models["m"] = ["completion", "vision"];
    vi.advanceTimersByTime(299_000);
    expect((await cache.describe("m"))?.capabilities.images).toBe("none");
    vi.advanceTimersByTime(2000);
    expect(cache.known("m").images).toBe("unknown");
    expect((await cache.describe("m"))?.capabilities.images).toBe("native");
  });

  it("keeps 500 models", async () => {
    const names = Array.from({ length: 501 }, (_, index) => `m${index}`);
    const { cache } = host(Object.fromEntries(names.map((name) => [name, ["completion"]])));
    for (const name of names) await cache.describe(name);
    expect(cache.known("m0").tools).toBe("unknown");
    expect(cache.known("m1").tools).toBe("none");
  });
});

describe("a refusal", () => {
  it("B7: is remembered, against what the host says, for five minutes; facts win", async () => {
    vi.useFakeTimers();
    const { cache } = host({ m: ["completion", "tools"] });
    await cache.describe("m");
    cache.learn("m", "tools");
    expect(cache.known("m").tools).toBe("none");
    expect((await cache.describe("m"))?.capabilities.tools).toBe("none");
    expect(cache.known("m", { capabilities: { tools: "native" } }).tools).toBe("native");
    vi.advanceTimersByTime(301_000);
    expect(cache.known("m").tools).toBe("unknown");
  });

  it("is remembered of a model that nobody has asked about; the others stay open", () => {
    const { cache } = host({});
    cache.learn("m", "tools");
    cache.learn("m", "suffix");
    expect(cache.known("m")).toMatchObject({ tools: "none", suffix: "none", images: "unknown" });
  });

  it("is forgotten when another model goes by the name", async () => {
    const { asked, cache, tags } = host({ m: ["completion", "tools"] });
    cache.learn("m", "tools");
    tags.push({ name: "m:latest", digest: "1", capabilities: ["completion"] });
    await cache.list();
    expect(cache.known("m").tools).toBe("none");
    tags[0] = { name: "m:latest", digest: "2", capabilities: ["completion"] };
    await cache.list();
    expect(cache.known("m").tools).toBe("unknown");
    expect(asked).toEqual([]);
  });
});

describe("ask", () => {
  it("asks the host only where neither facts nor cache know", async () => {
    const { asked, cache } = host({ m: ["embedding"] });
    expect(await cache.ask("m", "embeddings", { facts: { capabilities: { embeddings: "none" } } })).toBe("none");
    expect(asked).toEqual([]);
    expect(await cache.ask("m", "embeddings")).toBe("native");
    expect(await cache.ask("m", "images")).toBe("none");
    expect(asked).toEqual(["m"]);
    expect(await cache.ask("nobody", "images")).toBe("unknown");
  });

  it("leaves it open when the host will not say, but not when the caller leaves", async () => {
    const failing = (error: unknown) =>
      createCapabilityCache({ show: () => Promise.reject(error), tags: () => Promise.resolve([]) });
    const hidden = new ProviderError({ code: "upstream_auth_failed", message: "no" });
    expect(await failing(hidden).ask("m", "images")).toBe("unknown");
    const reason = new Error("left");
    const call = { signal: AbortSignal.abort(reason) };
    await expect(failing(hidden).ask("m", "images", { call })).rejects.toBe(reason);
  });
});

describe("K8: a listing", () => {
  it("of a current server is one request, richer by what is known", async () => {
    await using emulator = await startEmulator();
    const { capabilities } = createOllamaHost({ baseURL: emulator.url });
    await capabilities.describe("coder");
    const models = await capabilities.list();
    expect(emulator.requests.map(({ path }) => path)).toEqual(["/api/show", "/api/tags"]);
    expect(models.find(({ id }) => id === "coder:latest")).toMatchObject({
      capabilities: { suffix: "native", tools: "none" },
      contextLength: 8192,
      metadata: { digest: expect.any(String), size: expect.any(Number), family: "llama" },
    });
    expect(models.find(({ id }) => id === "plain:latest")?.capabilities.tools).toBe("unknown");
  });

  it("of an old server, which says nothing of capabilities, is completed once", async () => {
    await using emulator = await startEmulator({ version: "0.24.0" });
    const { capabilities } = createOllamaHost({ baseURL: emulator.url });
    const models = await capabilities.list();
    expect(models.find(({ id }) => id === "thinker:latest")).toMatchObject({
      capabilities: { reasoning: "native", tools: "none" },
      contextLength: 8192,
      metadata: { digest: expect.any(String), size: expect.any(Number) },
    });
    const first = emulator.requests.length;
    expect(first).toBe(models.length + 1);
    await capabilities.list();
    expect(emulator.requests.length).toBe(first + 1);
  });

  it("shows what it can when a model cannot be shown", async () => {
    const cache = createCapabilityCache({
      show: () => Promise.reject(new ProviderError({ code: "upstream_error", message: "broken file" })),
      tags: () => Promise.resolve([{ name: "broken:latest" }, { name: "m:latest", capabilities: ["completion"] }]),
    });
    expect((await cache.list()).map(({ id }) => id)).toEqual(["broken:latest", "m:latest"]);
  });
});

it("K2: two hosts do not mix", async () => {
  await using old = await startEmulator({ version: "0.24.0" });
  await using current = await startEmulator();
  const [a, b] = [old, current].map(({ url }) => createOllamaHost({ baseURL: url }).capabilities);
  expect((await b?.describe("native"))?.capabilities.tools).toBe("native");
  expect(a?.known("native").tools).toBe("unknown");
  expect((await a?.describe("native"))?.capabilities.tools).toBe("none");
  expect(b?.known("native").tools).toBe("native");
});

it("B7: a host learns from the refusal of its own server", async () => {
  await using emulator = await startEmulator();
  const host = createOllamaHost({ baseURL: emulator.url });
  const asking = host.generate({ model: "plain", prompt: "a", suffix: "b", stream: true });
  await expect(asking).rejects.toMatchObject({ code: "unsupported", setting: "suffix" });
  expect(host.capabilities.known("plain:latest")).toMatchObject({ suffix: "none", tools: "unknown" });
});
