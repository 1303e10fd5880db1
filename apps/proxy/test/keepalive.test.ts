import { setImmediate } from "node:timers/promises";
import type { Reply } from "@llamaduct/ollama-emulator";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { done, line } from "./ndjson.ts";
import { type ProxyOptions, startProxy, type TestProxy } from "./start-proxy.ts";

const MINUTE_MS = 60_000;
const COMMENT = ": keepalive\n\n";
const deployments = [{ name: "plain", model: "ollama_chat/plain" }];
const says: Reply = { chunks: [line({ content: "a" }), line({ content: "b" }) + done()] };
const fails: Reply = { status: 500, chunks: ['{"error":"out of memory"}'] };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
});

describe("L6: a model that takes a minute to load", () => {
  it("comments, no timeout, then the answer: one load", async () => {
    const { asked, emulator } = await start({ ...says, delayMs: MINUTE_MS });
    const answer = await asked();
    await vi.advanceTimersByTimeAsync(14_999);
    expect(await answer.settled()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const response = await answer.response;
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
    expect(response.headers.get("x-litellm-model-group")).toBe("plain");
    const text = response.text();
    await vi.advanceTimersByTimeAsync(MINUTE_MS - 15_000);
    await emptied();
    // The second chunk takes as long.
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    const [before = "", after = ""] = (await text).split('"content":"a"');
    expect(before.split(COMMENT).length - 1).toBeGreaterThanOrEqual(3);
    expect(before.split(COMMENT).at(-1)).toMatch(/^: x-llamaduct-model: ollama_chat\/plain\n\ndata: /);
    expect(after).toMatch(/^[^\n]*\n\n(: keepalive\n\n)+data: .*"b".*\n\ndata: \[DONE\]\n\n$/s);
    expect(emulator.requests).toHaveLength(1);
  });

  it("leaving cancels it", async () => {
    const { asked, emulator, timers } = await start({ ...says, delayMs: MINUTE_MS });
    const left = new AbortController();
    const { response } = await asked({ signal: left.signal });
    await vi.advanceTimersByTimeAsync(15_000);
    await response;
    left.abort();
    expect(await emulator.requests[0]?.ended).toBe("aborted");
    await expect.poll(() => vi.getTimerCount()).toBe(timers);
  });

  it("one that fails before the first comment has its own status; after it, it is an event", async () => {
    const { asked, emulator, records } = await start({ ...fails, delayMs: 14_000 });
    const early = await asked();
    await vi.advanceTimersByTimeAsync(14_000);
    expect((await early.response).status).toBe(502);
    emulator.enqueue({ ...fails, delayMs: 16_000 });
    const late = await asked();
    await vi.advanceTimersByTimeAsync(16_000);
    const text = await (await late.response).text();
    expect(text).toMatch(/^: keepalive\n\ndata: \{"error":\{.*"code":"upstream_error"\}\}\n\n$/);
    await expect
      .poll(() => records)
      .toMatchObject([
        { status: 502, outcome: "failed" },
        { status: 200, outcome: "failed", errorCode: "upstream_error", stream: true },
      ]);
  });

  it("none while something is said more often", async () => {
    const { asked } = await start({ ...says, delayMs: 10_000 });
    const { response } = await asked();
    for (let seconds = 0; seconds < 20; seconds++) {
      await vi.advanceTimersByTimeAsync(1000);
      await emptied();
    }
    expect(await (await response).text()).not.toContain(COMMENT);
  });

  it("a whole answer has no place for comments", async () => {
    const { asked } = await start({ ...says, delayMs: 20_000 });
    const answer = await asked({ stream: false });
    await vi.advanceTimersByTimeAsync(20_000);
    await emptied();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await (await answer.response).json()).toMatchObject({ choices: [{ message: { content: "ab" } }] });
  });
});

describe("how often", () => {
  const config = (general: object, params: object = {}) =>
    JSON.stringify({
      litellm_settings: general,
      model_list: [{ model_name: "pl*", litellm_params: { model: "ollama_chat/pl*", ...params } }],
    });
  const every20 = { sse_keepalive_ping_interval_seconds: 20 };

  it.each<[string, object, object, Record<string, string>, number]>([
    ["as litellm_settings say", every20, {}, {}, 20],
    ["a model's own wins", every20, { keepalive_seconds: 30 }, {}, 30],
    ["a client may say", every20, {}, { "x-litellm-keepalive-seconds": "5" }, 5],
    ["but not more often than each second", every20, {}, { "x-litellm-keepalive-seconds": "0.1" }, 1],
    ["nor less often than a load balancer's patience", {}, { keepalive_seconds: 1e9 }, {}, 300],
  ])("%s", async (_, general, params, headers, seconds) => {
    const { asked } = await start({ fault: { silenceBeforeHeaders: true } }, { config: config(general, params) });
    const answer = await asked({ headers });
    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
    expect(await answer.settled()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await answer.response).status).toBe(200);
  });

  it.each<[string, object, Record<string, string>]>([
    ["the operator", { keepalive_seconds: 0 }, { "x-litellm-keepalive-seconds": "5" }],
    ["the client", {}, { "x-litellm-keepalive-seconds": "0" }],
  ])("never, when %s says 0", async (_, params, headers) => {
    const { asked } = await start({ fault: { silenceBeforeHeaders: true } }, { config: config({}, params) });
    const answer = await asked({ headers });
    await vi.advanceTimersByTimeAsync(299_000);
    expect(await answer.settled()).toBe(false);
  });

  it.each(["", "often", "-1"])("a client that says %j is told", async (seconds) => {
    const { asked, emulator } = await start(says);
    const { response } = await asked({ headers: { "x-litellm-keepalive-seconds": seconds }, isSent: false });
    expect((await response).status).toBe(400);
    expect(await (await response).json()).toMatchObject({ error: { message: /x-litellm-keepalive-seconds/ } });
    expect(emulator.requests).toEqual([]);
  });
});

interface Ask {
  readonly stream?: boolean;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly isSent?: boolean;
}

async function start(reply: Reply, options: ProxyOptions = { deployments }) {
  const proxy = await startProxy(options);
  proxy.emulator.enqueue(reply);
  return { ...proxy, timers: vi.getTimerCount(), asked: (ask: Ask = {}) => asked(proxy, ask) };
}

/** A request that has reached the host. */
async function asked({ url, emulator }: TestProxy, { stream = true, headers, signal, isSent = true }: Ask) {
  let isSettled = false;
  const response = fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "plain", stream, messages: [{ role: "user", content: "hi" }] }),
    ...(signal && { signal }),
  });
  response.then(
    () => {
      isSettled = true;
    },
    () => {},
  );
  if (isSent) await emulator.nextRequest("/api/chat");
  return { response, settled: () => emptied().then(() => isSettled) };
}

/** Time for what is on its way through the local sockets: rounds of the event loop, not of a clock. */
async function emptied(): Promise<void> {
  for (let round = 0; round < 50; round++) await setImmediate();
}
