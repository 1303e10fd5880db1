import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createMetrics } from "../src/observe/create-metrics.ts";
import { heldUpstream } from "./held-upstream.ts";
import { startProxy, type TestProxy } from "./start-proxy.ts";

// However busy the machine is.
vi.setConfig({ testTimeout: 30_000 });
const within = { timeout: 10_000 };

const request = { model: "plain", messages: [{ role: "user", content: "hi" } as const] };
const masterKey = "sk-master";
const BUSY = { masterKey, overload: { memory: 0 } };

describe("three times the requests that fit", () => {
  it.each([true, false])(
    "get what fits and a 503 for the rest, and as many fit at once afterwards, streamed: %s",
    async (stream) => {
      const upstream = await heldUpstream();
      const proxy = await startProxy({ masterKey, upstream: upstream.url, server: { masterKey, maxInFlight: 4 } });
      const ask = () =>
        proxy.client.chat.completions
          .create({ ...request, stream })
          .then(textOf)
          .catch(toCode);
      for (let round = 0; round < 3; round++) {
        const answers = Array.from({ length: 12 }, ask);
        await expect.poll(() => proxy.records.length, within).toBe(round * 12 + 8);
        await expect.poll(() => upstream.held(), within).toBe(4);
        upstream.release();
        const texts = await Promise.all(answers);
        expect(texts.filter((text) => text === "first last")).toHaveLength(4);
        expect(texts.filter((text) => text === "503 server_is_overloaded 1 true")).toHaveLength(8);
        await expect.poll(() => proxy.records.length, within).toBe((round + 1) * 12);
      }
      expect(await shedBy(proxy)).toContain('llamaduct_shed_requests_total{reason="in_flight"} 24');
    },
  );
});

describe("a busy process", () => {
  it("turns new requests away, ends what is under way, and tells how it is", async () => {
    const upstream = await heldUpstream();
    const proxy = await startProxy({ masterKey, upstream: upstream.url, server: { masterKey } });
    const running = textOf(await proxy.client.chat.completions.create({ ...request, stream: true }));
    await expect.poll(() => upstream.held(), within).toBe(1);

    proxy.serve({ server: BUSY });
    const refused = () => proxy.client.chat.completions.create(request).then(textOf).catch(toCode);
    expect(await refused()).toBe("503 server_is_overloaded 1 true");
    expect(upstream.held()).toBe(1);
    const headers = { authorization: `Bearer ${masterKey}` };
    for (const path of ["/health/liveness", "/health/readiness", "/health", "/v1/models"])
      expect((await fetch(proxy.url + path, { headers })).status).toBe(200);
    upstream.release();
    expect(await running).toBe("first last");
    expect(await shedBy(proxy)).toMatch(/llamaduct_shed_requests_total\{reason="memory"\} \d/);

    proxy.serve({ server: { masterKey } });
    const answer = refused();
    await expect.poll(() => upstream.held(), within).toBe(1);
    upstream.release();
    expect(await answer).toBe("first last");
  });

  it("still wants a key first", async () => {
    const proxy = await startProxy({ masterKey, server: BUSY });
    const { status } = await fetch(`${proxy.url}/v1/chat/completions`, { method: "POST" });
    expect(status).toBe(401);
  });

  it("is one whose event loop is late", async () => {
    const proxy = await startProxy({ masterKey, server: { masterKey, overload: { delayMs: 20 } } });
    expect(await proxy.client.chat.completions.create(request).then(textOf)).not.toContain("503");
    const work = setInterval(() => {
      const end = performance.now() + 100;
      while (performance.now() < end);
    }, 1);
    onTestFinished(() => clearInterval(work));
    const ask = () => proxy.client.chat.completions.create(request).then(textOf).catch(toCode);
    await expect.poll(ask, within).toBe("503 server_is_overloaded 1 true");
    clearInterval(work);
    await expect.poll(ask, within).not.toContain("503");
    expect(await shedBy(proxy)).toMatch(/llamaduct_shed_requests_total\{reason="event_loop"\} \d/);
  });
});

async function textOf(answer: unknown): Promise<string> {
  if (typeof answer !== "object" || answer === null || !(Symbol.asyncIterator in answer)) {
    const { choices } = answer as { choices: readonly { message: { content: string | null } }[] };
    return choices[0]?.message.content ?? "";
  }
  let text = "";
  for await (const { choices } of answer as AsyncIterable<{ choices: readonly { delta: { content?: string } }[] }>)
    text += choices[0]?.delta.content ?? "";
  return text;
}

function toCode({ status, code, headers }: { status: number; code: string; headers?: Headers }): string {
  return `${status} ${code} ${headers?.get("retry-after")} ${headers?.get("x-should-retry")}`;
}

async function shedBy({ records }: TestProxy): Promise<string> {
  const metrics = createMetrics({ states: () => [] });
  for (const record of records) metrics.record(record);
  return (await metrics.render()).body;
}
