import { collect, ProviderError, type Stream } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { fakeHost } from "../test/fake-host.ts";
import { seededRandom } from "../test/random.ts";
import { virtualClock } from "../test/virtual-clock.ts";
import { createRouter, type Router, type RouterOptions } from "./create-router.ts";

/** Two hosts, `a` and `b`, that have the model `llama`; a host's answer is its name. */
function twoHosts(options: Partial<RouterOptions> = {}) {
  const clock = virtualClock();
  const [a, b] = [fakeHost({ clock, name: "a" }), fakeHost({ clock, name: "b" })];
  const deployments = [a, b].map(({ provider }) => ({ provider }));
  return { a, b, clock, router: createRouter({ deployments, clock, random: seededRandom(1), ...options }) };
}

async function ask(router: Router, model = "llama"): Promise<string> {
  const stream = router.chatModel?.(model).stream({ messages: [] });
  if (stream === undefined) throw new Error("no chats");
  return textOf(stream);
}

async function textOf(stream: Stream | undefined): Promise<string> {
  const { content } = await collect(stream ?? (async function* () {})());
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

describe("createRouter", () => {
  it("is a provider: chats, completions and embeddings go to one of its providers", async () => {
    const { router, a, b } = twoHosts();
    expect(["a", "b"]).toContain(await ask(router));
    const text = router.textModel?.("llama").stream({ prompt: "hi" });
    expect(["a", "b"]).toContain(await textOf(text));
    const embeddings = await router.embeddingModel?.("llama").embed({ input: ["x", "y"] });
    expect(embeddings?.vectors).toHaveLength(2);
    const asked = [...a.requests, ...b.requests].filter((request) => request !== "status");
    expect(asked.sort()).toEqual(["chat llama", "embed llama", "text llama"]);
  });

  it("passes batches on as they are", async () => {
    const { router } = twoHosts();
    const batches = [];
    for await (const batch of router.chatModel?.("llama").stream({ messages: [] }) ?? []) batches.push(batch.length);
    expect(batches).toEqual([2, 1]);
  });

  it("N5: a failure before the first part is another host's turn, one after it is told", async () => {
    const { router, a, b } = twoHosts();
    a.failure = "upstream_error";
    for (let index = 0; index < 4; index++) expect(await ask(router)).toBe("b");
    a.failure = undefined;
    [a.failsLater, b.failsLater] = [true, true];
    await expect(ask(router)).rejects.toMatchObject({ code: "upstream_stream_interrupted" });
  });

  it("throws the caller's own reason, and asks nobody any more", async () => {
    const { router, a, b } = twoHosts();
    const reason = new Error("left");
    const stream = router.chatModel?.("llama").stream({ messages: [] }, { signal: AbortSignal.abort(reason) });
    await expect(stream && collect(stream)).rejects.toBe(reason);
    expect([...a.requests, ...b.requests].filter((request) => request !== "status")).toEqual([]);
  });

  it("lists every host's models once, from memory, also of a host that is away", async () => {
    const { router, a, b, clock } = twoHosts();
    b.models.add("extra");
    await clock.advance(20_000);
    const before = a.requests.length;
    b.failure = "upstream_connection_failed";
    await clock.advance(20_000);
    expect((await router.listModels?.())?.map(({ id }) => id)).toEqual(["llama", "extra"]);
    expect(a.requests.slice(before).every((request) => request === "status")).toBe(true);
    expect(await router.describe?.("extra")).toMatchObject({ id: "extra" });
  });

  it("names groups: a deployment may call the model otherwise", async () => {
    const clock = virtualClock();
    const host = fakeHost({ clock, models: ["llama3.2:1b"] });
    const router = createRouter({
      deployments: [{ provider: host.provider, name: "small", modelId: "llama3.2:1b" }],
      clock,
    });
    expect(await ask(router, "small")).toBe("fake");
    await expect(ask(router, "large")).rejects.toBeInstanceOf(ProviderError);
    expect((await router.listModels?.())?.map(({ id }) => id)).toEqual(["small"]);
  });

  it("can do what all its hosts can, and does not know where they differ", () => {
    const { router } = twoHosts();
    expect(router.chatModel?.("llama").capabilities()).toMatchObject({ tools: "unknown" });
  });

  it("stops watching when it is closed", async () => {
    const { router, a, clock } = twoHosts();
    await clock.advance(30_000);
    router.close();
    const seen = a.requests.length;
    expect(seen).toBeGreaterThan(1);
    await clock.advance(60_000);
    expect(a.requests).toHaveLength(seen);
  });
});
