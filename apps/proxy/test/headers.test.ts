import { ProviderError } from "@llamaduct/core";
import type { Attempt, Llamaduct, LlamaductCall } from "llamaduct";
import { describe, expect, it } from "vitest";
import { startProxy, type TestProxy } from "./start-proxy.ts";

const request = { model: "plain", messages: [{ role: "user", content: "hi" } as const] };

function chat({ url }: TestProxy, headers: Record<string, string> = {}, body: object = request): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

/** An engine that keeps what it is called with. */
function watched(calls: LlamaductCall[], attempt?: Attempt, error?: Error): (engine: Llamaduct) => Llamaduct {
  return (engine) => ({
    ...engine,
    chat: async (body, call = {}) => {
      calls.push(call);
      if (attempt !== undefined) call.onAttempt?.(attempt);
      if (error !== undefined) throw error;
      return engine.chat(body, call);
    },
  });
}

const HOP = expect.stringMatching(/^1\.1 llamaduct-[0-9a-f]{16}$/);

describe("headers of a request", () => {
  async function callOf(headers: Record<string, string>, server = {}): Promise<LlamaductCall> {
    const calls: LlamaductCall[] = [];
    await chat(await startProxy({ server, wrap: watched(calls) }), headers);
    return calls[0] ?? {};
  }

  it("say in seconds how long it may take, how often it is retried, and where it may go", async () => {
    const headers = { "x-litellm-timeout": "30", "x-litellm-stream-timeout": "1.5", "x-litellm-num-retries": "0" };
    expect(await callOf({ ...headers, "x-litellm-tags": "free, gpu,," })).toMatchObject({
      timeoutMs: 30_000,
      streamTimeoutMs: 1500,
      retries: 0,
      tags: ["free", "gpu"],
    });
    expect(await callOf({})).toMatchObject({
      timeoutMs: undefined,
      retries: undefined,
      tags: undefined,
      session: undefined,
    });
  });

  it.each([
    ["x-litellm-timeout", "soon"],
    ["x-litellm-timeout", "0"],
    ["x-litellm-timeout", "1e9"],
    ["x-litellm-stream-timeout", "-1"],
    ["x-litellm-num-retries", "1.5"],
    ["x-litellm-num-retries", ""],
  ])("that make no sense are refused: %s %j", async (name, value) => {
    const response = await chat(await startProxy(), { [name]: value });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: "invalid_value", message: expect.stringContaining(name) },
    });
  });

  it("name the conversation, the plainest first", async () => {
    const all = ["x-litellm-session-id", "x-litellm-trace-id", "x-claude-code-session-id", "x-openwebui-chat-id"].map(
      (name, index) => [name, `session-${index}`] as const,
    );
    for (let index = 0; index < all.length; index++)
      expect((await callOf(Object.fromEntries(all.slice(index)))).session).toBe(`session-${index}`);
    expect((await callOf({ "x-session-id": "bare" })).session).toBe("bare");
  });

  it("are known to the engine, but for what may hold a key", async () => {
    const server = { masterKey: "sk-a", keyHeader: "x-mine" };
    const headers = { "x-mine": "sk-a", authorization: "Bearer b", "x-api-key": "c", cookie: "d", "x-kept": "e" };
    const { requestHeaders, headers: sent, caller } = await callOf(headers, server);
    expect(requestHeaders).toMatchObject({ "x-kept": "e", "content-type": "application/json" });
    for (const name of ["x-mine", "authorization", "x-api-key", "cookie"])
      expect(requestHeaders).not.toHaveProperty(name);
    expect(sent).toEqual({ via: HOP });
    expect(caller).toBe("master");
  });

  it("go on to the upstream where the operator says so: those that are for it", async () => {
    const headers = { "x-team": "a", "x-api-key": "b", "x-stainless-lang": "js", "x-litellm-tags": "c", other: "d" };
    expect((await callOf(headers, { forwardClientHeaders: true })).headers).toEqual({ "x-team": "a", via: HOP });
    const proxy = await startProxy({ server: { forwardClientHeaders: true } });
    await chat(proxy, headers);
    const { headers: received } = await proxy.emulator.nextRequest("/api/chat");
    expect(received).toMatchObject({ "x-team": "a" });
    expect(received).not.toHaveProperty("x-api-key");
  });

  it("D18: tell upstreams of the way that the request has come, as HTTP can carry it", async () => {
    for (const [via, sent] of [
      ["1.1 nginx, 1.1 b", expect.stringMatching(/^1\.1 nginx, 1\.1 b, 1\.1 llamaduct-[0-9a-f]{16}$/)],
      ["1.1 \u00e9", HOP],
    ]) {
      const proxy = await startProxy();
      await chat(proxy, { via });
      expect((await proxy.emulator.nextRequest("/api/chat")).headers["via"]).toEqual(sent);
    }
  });

  it("say who the user is, which is told to the log", async () => {
    const server = { userHeaders: ["x-openwebui-user-email"] };
    const userOf = async (headers: Record<string, string>, body = {}) => {
      const proxy = await startProxy({ server });
      await (await chat(proxy, headers, { ...request, ...body })).text();
      await expect.poll(() => proxy.records.length).toBe(1);
      return proxy.records[0]?.endUser;
    };
    expect(await userOf({ "x-openwebui-user-email": "a@b", "x-litellm-end-user-id": "c" }, { user: "d" })).toBe("a@b");
    expect(await userOf({ "x-litellm-end-user-id": "c" }, { user: "d" })).toBe("c");
    expect(await userOf({}, { user: "d" })).toBe("d");
    expect(await userOf({}, { user: 7 })).toBeUndefined();
  });
});

describe("headers of an answer", () => {
  const attempt: Attempt = {
    group: "plain",
    requestedGroup: "plain",
    deploymentId: "abc",
    model: "ollama_chat/plain",
    apiBase: "http://gpu:11434",
    attempts: 4,
    fallbacks: 1,
  };
  const told = {
    "x-litellm-version": expect.stringMatching(/^\d+\.\d+\.\d+/),
    "x-litellm-model-id": "abc",
    "x-litellm-model-group": "plain",
    "x-litellm-model-api-base": "http://gpu:11434",
    "x-litellm-attempted-retries": "2",
    "x-litellm-attempted-fallbacks": "1",
    "x-litellm-response-duration-ms": expect.stringMatching(/^\d+(\.\d+)?$/),
  };

  it.each([
    ["a whole answer", { stream: false }],
    ["a stream", { stream: true }],
  ])("LiteLLM's say who gave %s, after how many attempts, and how long it took", async (_, fields) => {
    // Whether the engine itself tells of its attempts is its own to test.
    const response = await chat(await startProxy({ wrap: quiet(attempt) }), {}, { ...request, ...fields });
    const headers = Object.fromEntries(response.headers);
    expect(response.status).toBe(200);
    expect(headers).toMatchObject({ ...told, "x-llamaduct-model": "ollama_chat/plain" });
    const [total, overhead] = ["x-litellm-response-duration-ms", "x-litellm-overhead-duration-ms"].map((name) =>
      Number(headers[name]),
    );
    expect(overhead).toBeGreaterThan(0);
    expect(overhead).toBeLessThan(total ?? 0);
    await response.text();
  });

  it("come from the engine, whose attempts are those of the request", async () => {
    const deployments = [{ id: "first", name: "plain", model: "ollama_chat/plain" }];
    const proxy = await startProxy({ deployments });
    proxy.emulator.enqueue({ status: 503, chunks: ['{"error":"server busy"}'] });
    const response = await chat(proxy);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-litellm-model-id": "first",
      "x-litellm-model-group": "plain",
      "x-litellm-model-api-base": proxy.emulator.url,
      "x-litellm-attempted-retries": "1",
      "x-litellm-attempted-fallbacks": "0",
    });
    proxy.emulator.enqueue({ status: 500, chunks: ['{"error":"broken"}'], times: 9 });
    const failed = await chat(proxy, { "x-litellm-num-retries": "0" });
    expect([failed.status, failed.headers.get("x-litellm-model-id")]).toEqual([502, "first"]);
  });

  it("are on errors, too", async () => {
    const error = new ProviderError({ code: "upstream_busy", message: "Busy.", retryAfterMs: 1500 });
    const response = await chat(await startProxy({ wrap: watched([], attempt, error) }));
    expect(response.status).toBe(503);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...told,
      "x-should-retry": "true",
      "retry-after": "2",
      "x-request-id": expect.stringMatching(/./),
      "x-litellm-call-id": expect.stringMatching(/./),
    });
  });

  it("are left out where nothing is known", async () => {
    const error = new ProviderError({ code: "model_not_found", message: "No." });
    const response = await chat(await startProxy({ wrap: watched([], undefined, error) }));
    const names = [...response.headers.keys()].filter((name) => name.startsWith("x-litellm-")).sort();
    expect(names).toEqual(["x-litellm-call-id", "x-litellm-response-duration-ms", "x-litellm-version"]);
  });

  it("the call's id is the client's if it is sane, and the request's if it sent none", async () => {
    const proxy = await startProxy();
    const ids = async (headers: Record<string, string>) => {
      const response = await chat(proxy, headers);
      await response.text();
      return ["x-litellm-call-id", "x-request-id"].map((name) => response.headers.get(name));
    };
    expect(await ids({ "x-litellm-call-id": "mine" })).toEqual(["mine", "mine"]);
    expect(await ids({ "x-litellm-call-id": "mine", "x-request-id": "other" })).toEqual(["mine", "other"]);
    const [call, id] = await ids({ "x-litellm-call-id": "not sane" });
    expect(call).toBe(id);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

/** As `watched`, and nothing but this attempt is told. */
function quiet(attempt: Attempt): (engine: Llamaduct) => Llamaduct {
  return (engine) => ({
    ...engine,
    chat: (body, call = {}) => {
      call.onAttempt?.(attempt);
      return engine.chat(body, { ...call, onAttempt: undefined });
    },
  });
}
