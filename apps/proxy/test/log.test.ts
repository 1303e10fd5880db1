import { createHash } from "node:crypto";
import { connect } from "node:net";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { line } from "./ndjson.ts";
import { head, rawExchange } from "./raw-exchange.ts";
import { type ProxyOptions, startProxy, type TestProxy } from "./start-proxy.ts";

const request = { model: "plain", messages: [{ role: "user", content: "hi" } as const] };

/** What the log says of the requests that are over, once as many are. */
async function linesOf({ log }: TestProxy, count = 1): Promise<Record<string, unknown>[]> {
  const lines = () => log.map((text) => JSON.parse(text)).filter(({ msg }) => msg === "request");
  await expect.poll(() => lines().length).toBe(count);
  return lines();
}

const startLogged = (options: ProxyOptions = {}) => startProxy({ logLevel: "info", ...options });

it("a fallback from a host that is known to be down tells of the group that was asked for", async () => {
  const proxy = await startLogged({
    config: `
model_list:
  - { model_name: first, litellm_params: { model: ollama_chat/plain, api_base: "http://127.0.0.1:9" } }
  - { model_name: second, litellm_params: { model: ollama_chat/plain } }
router_settings: { num_retries: 0, fallbacks: [{ first: [second] }] }
`,
  });
  for (let round = 0; round < 2; round++) await proxy.client.chat.completions.create({ ...request, model: "first" });
  const [, entry] = await linesOf(proxy, 2);
  expect(entry).toMatchObject({ group: "first", lastGroup: "second", attempts: 1, fallbacks: 1 });
});

describe("a request that waits for its model", () => {
  it("has a line after 10 s and then each minute: who, for which model, for how long, what is loaded meanwhile", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const proxy = await startLogged({
      server: { masterKey: "sk-a" },
      deployments: [{ id: "d", name: "plain", model: "ollama_chat/plain" }],
      wrap: (engine) => ({
        ...engine,
        states: () => engine.states().map((state) => ({ ...state, loading: [{ id: "plain:latest", forMs: 9000 }] })),
      }),
    });
    const timers = vi.getTimerCount();
    proxy.emulator.enqueue({ fault: { silenceBeforeHeaders: true } });
    const lines = () => proxy.log.map((text) => JSON.parse(text)).filter(({ msg }) => msg === "waiting for the model");
    const left = new AbortController();
    const headers = { authorization: "Bearer sk-a", "x-request-id": "mine" };
    const answer = post(proxy, { headers, signal: left.signal });
    await proxy.emulator.nextRequest("/api/chat");
    await vi.advanceTimersByTimeAsync(9_999);
    expect(lines()).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(lines()).toMatchObject([
      {
        level: 30,
        id: "mine",
        group: "plain",
        deploymentId: "d",
        keyName: "master",
        loading: [{ id: "plain:latest" }],
      },
    ]);
    expect(lines()[0].waitedMs).toBeGreaterThanOrEqual(10_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines()).toHaveLength(2);
    left.abort();
    await answer;
    await linesOf(proxy);
    expect(vi.getTimerCount()).toBe(timers);
  });

  it("has none once it answers; the line at its end tells what loading took", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const proxy = await startLogged();
    const last = { model: "m", message: { content: "" }, done: true, done_reason: "stop", load_duration: 9e9 };
    proxy.emulator.enqueue({ chunks: [line({ content: "a" }), JSON.stringify(last)] });
    await post(proxy);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await linesOf(proxy)).toMatchObject([{ loadMs: 9000 }]);
    proxy.emulator.enqueue({ chunks: [line({ content: "a" })], fault: { silenceAfterChunks: 1 } });
    const stream = await proxy.client.chat.completions.create({ ...request, stream: true });
    await vi.advanceTimersByTimeAsync(60_000);
    stream.controller.abort();
    await linesOf(proxy, 2);
    expect(proxy.log.join()).not.toContain("waiting for the model");
  });
});

async function post({ url }: TestProxy, init: RequestInit = {}): Promise<void> {
  const headers = { "content-type": "application/json", ...init.headers };
  const body = JSON.stringify(request);
  await fetch(`${url}/v1/chat/completions`, { ...init, method: "POST", headers, body }).catch(() => {});
}

describe("every request is one line", () => {
  it("with who asked whom, for how much, and how long it took", async () => {
    const keys = [{ name: "team", sha256: createHash("sha256").update("sk-a").digest("hex") }];
    for (const stream of [false, true]) {
      const proxy = await startLogged({ server: { masterKey: "sk-master", keys } });
      const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "sk-a", maxRetries: 0 });
      const options = { headers: { "x-request-id": "mine" } };
      const answer = await client.chat.completions.create({ ...request, stream }, options);
      if (Symbol.asyncIterator in answer) for await (const _ of answer);
      const [entry] = await linesOf(proxy);
      expect(entry).toMatchObject({
        level: 30,
        id: "mine",
        method: "POST",
        route: "/v1/chat/completions",
        status: 200,
        outcome: "finished",
        startedAt: expect.any(Number),
        stream,
        model: "ollama_chat/plain",
        keyName: "team",
        inputTokens: expect.any(Number),
        outputTokens: expect.any(Number),
      });
      expect(entry?.["firstPartMs"]).toBeGreaterThan(0);
      expect(entry?.["totalMs"]).toBeGreaterThanOrEqual(Number(entry?.["firstPartMs"]));
      expect(proxy.records).toEqual([expect.objectContaining({ id: "mine", inputTokens: entry?.["inputTokens"] })]);
    }
  });

  it("embeddings and lists, too", async () => {
    const proxy = await startLogged();
    await proxy.client.embeddings.create({ model: "embedder", input: "hi" });
    await proxy.client.models.list();
    expect(await linesOf(proxy, 2)).toMatchObject([
      { route: "/v1/embeddings", status: 200, inputTokens: expect.any(Number), stream: false },
      { route: "/v1/models", status: 200, outcome: "finished" },
    ]);
  });

  it.each<[string, string, object]>([
    ["a path that is not there", head("GET /nothing HTTP/1.1"), { status: 404, errorCode: "unknown_url" }],
    ["a URL that is none", head("GET /%zz HTTP/1.1"), { status: 400, errorCode: "bad_http_request" }],
    ["a key that is none", head("GET /v1/models HTTP/1.1"), { status: 401, errorCode: "invalid_api_key" }],
  ])("%s", async (_, bytes, expected) => {
    const proxy = await startLogged({ masterKey: "sk-a" });
    await rawExchange(proxy.port, bytes);
    expect(await linesOf(proxy)).toMatchObject([{ outcome: "failed", ...expected }]);
  });

  it("a failure before the answer, and one after its head is out", async () => {
    const proxy = await startLogged();
    proxy.emulator.enqueue({ status: 500, chunks: ['{"error":"out of memory"}'] });
    await proxy.client.chat.completions.create(request).catch(() => {});
    proxy.emulator.enqueue({ chunks: [line({ content: "a" })], fault: { endAfterChunks: 1 } });
    const stream = await proxy.client.chat.completions.create({ ...request, stream: true });
    await (async () => {
      for await (const _ of stream);
    })().catch(() => {});
    expect(await linesOf(proxy, 2)).toMatchObject([
      {
        status: 502,
        outcome: "failed",
        errorCode: "upstream_error",
        errorMessage: "The server has not enough memory for this model.",
      },
      {
        status: 200,
        outcome: "failed",
        errorCode: "upstream_stream_interrupted",
        errorMessage: "The server ended the answer without its final event.",
        stream: true,
      },
    ]);
    // What the upstream said has a line of its own, with the request's id.
    const ids = proxy.records.map(({ id }) => id);
    const failures = proxy.log.map((text) => JSON.parse(text)).filter(({ msg }) => msg === "call failed");
    expect(failures).toMatchObject([
      { level: 40, id: ids[0], upstreamMessage: expect.stringContaining("out of memory") },
      { level: 40, id: ids[1] },
    ]);
  });

  it("a fallback: who was asked for, who failed, who answered", async () => {
    const proxy = await startLogged({
      config: `
model_list:
  - { model_name: first, litellm_params: { model: ollama_chat/plain, api_base: "http://127.0.0.1:9" } }
  - { model_name: second, litellm_params: { model: ollama_chat/plain } }
router_settings: { num_retries: 0, fallbacks: [{ first: [second] }] }
`,
    });
    await proxy.client.chat.completions.create({ ...request, model: "first" });
    const [entry] = await linesOf(proxy);
    expect(entry).toMatchObject({
      group: "first",
      lastGroup: "second",
      fallbacks: 1,
      failedAttempts: [{ group: "first", apiBase: "http://127.0.0.1:9" }],
      upstreamMs: expect.any(Number),
    });
    expect(entry).not.toHaveProperty("errorMessage");
    expect(Number(entry?.["upstreamMs"])).toBeLessThanOrEqual(Number(entry?.["totalMs"]));
  });

  it.each([
    ["before", { silenceBeforeHeaders: true }, false],
    ["in the middle of", { silenceAfterChunks: 1 }, true],
  ] as const)("C1, C2: a client that leaves %s its answer", async (_, fault, stream) => {
    const proxy = await startLogged();
    proxy.emulator.enqueue({ chunks: [line({ content: "a" })], fault });
    const socket = connect(proxy.port, "127.0.0.1");
    const body = JSON.stringify({ ...request, stream: true });
    const fields = { "content-type": "application/json", "content-length": String(body.length) };
    socket.write(head("POST /v1/chat/completions HTTP/1.1", fields) + body);
    if (stream) socket.once("data", () => socket.destroy());
    else {
      await proxy.emulator.nextRequest("/api/chat");
      socket.destroy();
    }
    expect(await linesOf(proxy)).toMatchObject([{ status: 499, outcome: "client_gone", stream }]);
  });
});

it("T25: no key, no prompt, no answer and no address's credentials are in a log, an error or a header", async () => {
  const canary = (name: string) => `canary-${name}-5e1f`;
  const secrets = ["master", "virtual", "wrong", "upstream", "password", "prompt", "answer"].map(canary);
  const [master = "", virtual = "", wrong = "", upstream = "", password = "", prompt = "", answer = ""] = secrets;
  const keys = [{ name: "team", sha256: createHash("sha256").update(virtual).digest("hex"), models: ["a*"] }];
  const proxy = await startProxy({
    logLevel: "trace",
    server: { masterKey: master, keys },
    deployments: [
      { name: "alive", model: "ollama_chat/plain" },
      { name: "answers-nobody", model: "ollama_chat/plain", settings: deadHost(password, upstream) },
    ],
  });
  const seen: string[] = [];
  const keep = async (response: Response) => {
    seen.push(JSON.stringify([...response.headers]), (await response.text()).replaceAll(answer, ""));
  };
  for (const key of [master, virtual, wrong]) {
    for (const headers of [{ authorization: `Bearer ${key}` }, { "x-api-key": key }, { "api-key": key }] as const)
      for (const model of ["alive", "answers-nobody", "secret", prompt]) {
        proxy.emulator.enqueue({ chunks: [line({ content: answer })], fault: { endAfterChunks: 1 } });
        const echo = JSON.stringify({ error: `Bearer ${upstream} may not use http://user:${password}@host` });
        proxy.emulator.enqueue({ status: 500, chunks: [echo] });
        for (const fields of [
          {},
          { stream: true },
          { temperature: prompt },
          { messages: prompt },
          { tools: [prompt] },
        ]) {
          const body = JSON.stringify({
            model: model === prompt ? "alive" : model,
            messages: promptIn(prompt),
            ...fields,
          });
          const type = { "content-type": "application/json" };
          await keep(
            await fetch(`${proxy.url}/v1/chat/completions`, { method: "POST", headers: { ...type, ...headers }, body }),
          );
        }
      }
    for (const path of ["/v1/models", "/model/info", "/model_group/info", "/health", "/nothing"])
      await keep(await fetch(proxy.url + path, { headers: { authorization: `Bearer ${key}` } }));
  }
  const everything = [...seen, ...proxy.log, JSON.stringify(proxy.records)].join("\n");
  for (const word of ["answers-nobody", "call failed", "may not use"]) expect(everything).toContain(word);
  for (const secret of secrets) expect(everything).not.toContain(secret);
});

function promptIn(text: string): object[] {
  return [{ role: "user", content: text }];
}

/** An address with credentials at which nothing listens. */
function deadHost(password: string, apiKey: string) {
  return { baseURL: `http://user:${password}@127.0.0.1:9`, apiKey };
}
