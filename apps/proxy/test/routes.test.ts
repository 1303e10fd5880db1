import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy, type TestProxy } from "./start-proxy.ts";

const messages = [{ role: "user", content: "hi" } as const];

async function post({ url }: TestProxy, path: string, body: object) {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url + path, init);
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
}

async function get({ url }: TestProxy, path: string) {
  const response = await fetch(url + path);
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
}

describe("the four forms of a path", () => {
  const works = [
    ["chat/completions", "ollama_chat/plain", { messages }, "/api/chat"],
    ["completions", "ollama/acme/plain:v1", { prompt: "hi" }, "/api/generate"],
    ["embeddings", "ollama/embedder", { input: "hi" }, "/api/embed"],
  ] as const;

  it.each(works)("%s as OpenAI and as LiteLLM have it", async (work, model, fields, upstream) => {
    const proxy = await startProxy();
    for (const path of [`/v1/${work}`, `/${work}`]) {
      expect(await post(proxy, path, { model, ...fields })).toMatchObject({ status: 200 });
      await proxy.emulator.nextRequest(upstream);
    }
  });

  it.each(works)("%s with %s in the path, which wins over the body's", async (work, model, fields, upstream) => {
    const proxy = await startProxy();
    for (const name of [model, encodeURIComponent(model)])
      for (const path of [`/engines/${name}/${work}`, `/openai/deployments/${name}/${work}?api-version=2024-10-21`]) {
        expect(await post(proxy, path, { model: "nope", ...fields })).toMatchObject({ status: 200 });
        const { body } = await proxy.emulator.nextRequest(upstream);
        expect(body).toMatchObject({ model: model.slice(model.indexOf("/") + 1) });
      }
  });

  it("Azure's client finds its deployment", async () => {
    const proxy = await startProxy({ masterKey: "sk-a" });
    const endpoint = `${proxy.url}/openai/deployments/ollama_chat/plain`;
    const options = { baseURL: endpoint, apiKey: "none", defaultHeaders: { "api-key": "sk-a" }, maxRetries: 0 };
    const client = new OpenAI({ ...options, defaultQuery: { "api-version": "2024-10-21" } });
    // Its client puts the key in a header of its own.
    const request = client.chat.completions.create({ model: "", messages }, { headers: { authorization: null } });
    expect((await request).model).toBe("ollama_chat/plain");
  });
});

describe("below a path of a reverse proxy's", () => {
  it("everything is found, and still at the root", async () => {
    const proxy = await startProxy({ app: { rootPath: "/llm" } });
    for (const prefix of ["", "/llm"]) {
      expect((await post(proxy, `${prefix}/v1/chat/completions`, { model: "plain", messages })).status).toBe(200);
      expect((await get(proxy, `${prefix}/v1/models/plain`)).status).toBe(200);
      expect((await fetch(`${proxy.url}${prefix}/health/liveliness`)).status).toBe(200);
    }
  });

  it("every route still wants its key", async () => {
    const { url } = await startProxy({ masterKey: "sk-a", app: { rootPath: "/health" } });
    expect((await fetch(`${url}/health/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/health/liveliness`)).status).toBe(404);
    expect((await fetch(`${url}/health/health/liveliness`)).status).toBe(200);
  });
});

it("the operator's models stand in for what requests name", async () => {
  const server = { completionModel: "ollama_chat/plain", embeddingModel: "embedder" };
  const proxy = await startProxy({ server });
  expect((await post(proxy, "/v1/chat/completions", { model: "gpt-5", messages })).body).toMatchObject({
    model: "ollama_chat/plain",
  });
  expect((await post(proxy, "/engines/gpt-5/completions", { prompt: "hi" })).status).toBe(200);
  expect((await post(proxy, "/v1/embeddings", { model: "text-embedding-3-small", input: "hi" })).status).toBe(200);
});

it("P1: a stream tells its usage where the operator wants it to", async () => {
  for (const [server, usages] of [
    [{ alwaysIncludeStreamUsage: true }, 1],
    [{}, 0],
  ] as const) {
    const { client } = await startProxy({ server });
    const seen: unknown[] = [];
    for await (const { usage, choices } of await client.chat.completions.create({
      model: "plain",
      messages,
      stream: true,
    }))
      if (usage) seen.push(choices);
    expect(seen).toEqual(Array.from({ length: usages }, () => []));
  }
});

it.each([
  ["/v1/completions", { context: [99_999_999] }],
  ["/v1/completions", { options: { context: [99_999_999] } }],
  ["/v1/chat/completions", { messages, context: [1] }],
  ["/engines/plain/completions", { context: [1] }],
])("token ids, which can end a server, are refused: %s %j", async (path, fields) => {
  const proxy = await startProxy();
  const { status, body } = await post(proxy, path, { model: "ollama/plain", prompt: "hi", ...fields });
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: { code: "unsupported", param: "context", type: "invalid_request_error" } });
  expect(proxy.emulator.requests).toEqual([]);
});

it.each([
  "/v1/responses",
  "/v1/messages",
  "/v1/audio/speech",
  "/v1/images/generations",
  "/rerank",
  "/v1/files/a/content",
])("%s is said not to be served, before its body is read", async (path) => {
  const { port } = await startProxy();
  const fields = { "content-type": "multipart/form-data; boundary=a", "content-length": "1000000" };
  const { status, headers, body } = await rawExchange(port, head(`POST ${path} HTTP/1.1`, fields));
  expect([status, headers["x-should-retry"]]).toEqual([501, "false"]);
  expect(JSON.parse(body)).toEqual({
    error: {
      message: expect.stringContaining(path.split("/").find((part) => /^[a-z]{4}/.test(part)) ?? ""),
      type: "server_error",
      param: null,
      code: "not_implemented",
    },
  });
});

it.each([
  ["/v1/chat/completion", "/v1/chat/completions"],
  ["/v1/v1/embeddings", "/v1/embeddings"],
  ["/helth", "/health"],
  ["/api/chat", "Chat is at /v1/chat/completions."],
])("%s is not there, and near %s", async (path, near) => {
  const { status, body } = await get(await startProxy(), path);
  expect([status, body]).toMatchObject([
    404,
    { error: { code: "unknown_url", message: expect.stringContaining(near) } },
  ]);
});

it("a path with a model in it is not allowed for other methods, rather than unknown", async () => {
  for (const path of ["/engines/a/b/completions", "/openai/deployments/a/embeddings"])
    expect((await get(await startProxy(), path)).status).toBe(405);
});

it("the largest body is the operator's to say", async () => {
  const proxy = await startProxy({ server: { maxRequestBytes: 100 } });
  const { status, body } = await post(proxy, "/v1/chat/completions", {
    model: "plain",
    messages,
    user: "x".repeat(100),
  });
  expect([status, body]).toMatchObject([413, { error: { message: expect.stringContaining("larger than 100 bytes") } }]);
});

describe("what LiteLLM tells about models", () => {
  const config = `
model_list:
  - { model_name: chat, litellm_params: { model: ollama_chat/tools } }
  - { model_name: chat, litellm_params: { model: ollama/plain } }
  - { model_name: vectors, litellm_params: { model: ollama/embedder }, model_info: { id: vec-1, base_model: bge } }
`;

  it("/model/info, all or by id", async () => {
    const proxy = await startProxy({ config });
    const { data } = (await get(proxy, "/v1/model/info")).body as { data: { model_info: { id: string } }[] };
    expect(data).toHaveLength(3);
    expect(data[2]?.model_info).toMatchObject({ id: "vec-1", base_model: "bge", mode: "embedding" });
    // A wildcard's or a group's entries are told apart by it.
    expect(new Set(data.map(({ model_info: { id } }) => id)).size).toBe(3);
    for (const path of ["/model/info", "/v1/model/info"]) {
      const found = await get(proxy, `${path}?litellm_model_id=vec-1`);
      expect(found.body).toEqual({ data: [data[2]] });
    }
    expect((await get(proxy, "/model/info?litellm_model_id=nope")).body).toEqual({ data: [] });
  });

  it("/model_group/info: what a request for a name may meet", async () => {
    const { body } = await get(await startProxy({ config }), "/model_group/info");
    expect(body).toEqual({
      data: [
        {
          model_group: "chat",
          providers: ["ollama_chat", "ollama"],
          mode: "chat",
          max_input_tokens: expect.any(Number),
          supports_function_calling: true,
          supports_response_schema: expect.anything(),
          supports_reasoning: false,
          supports_vision: false,
          supported_openai_params: expect.arrayContaining(["temperature", "tools", "response_format"]),
        },
        expect.objectContaining({ model_group: "vectors", mode: "embedding" }),
      ],
    });
  });

  it("/utils/supported_openai_params", async () => {
    const proxy = await startProxy();
    const { supported_openai_params: params } = (
      await get(proxy, "/utils/supported_openai_params?model=ollama_chat/plain")
    ).body;
    expect(params).toEqual(expect.arrayContaining(["stream", "max_tokens", "tool_choice", "reasoning_effort"]));
    for (const name of ["model", "messages", "functions", "audio"]) expect(params).not.toContain(name);
    expect(await get(proxy, "/utils/supported_openai_params?model=nope")).toMatchObject({ status: 404 });
    for (const query of ["", "?model=", "?model=a&model=b"])
      expect(await get(proxy, `/utils/supported_openai_params${query}`)).toMatchObject({
        status: 400,
        body: { error: { code: "invalid_value", param: "model" } },
      });
  });

  it("/utils/token_counter estimates, says so, and asks nobody", async () => {
    const proxy = await startProxy();
    const count = async (fields: object) => post(proxy, "/utils/token_counter", { model: "plain", ...fields });
    expect((await count({ prompt: "Why is the sky blue?" })).body).toEqual({
      total_tokens: 5,
      request_model: "plain",
      model_used: expect.stringContaining("plain"),
      tokenizer_type: "llamaduct_estimate",
      count_source: "local_estimate",
      original_response: null,
      error: false,
      error_message: null,
      status_code: null,
    });
    expect((await count({ messages })).body).toMatchObject({ total_tokens: expect.any(Number) });
    expect(proxy.emulator.requests).toEqual([]);
    for (const [fields, param] of [
      [{}, "prompt"],
      [{ messages: 7 }, "messages"],
      [{ model: 7, prompt: "hi" }, "model"],
    ] as const)
      expect(await count(fields)).toMatchObject({ status: 400, body: { error: { code: "invalid_value", param } } });
    expect((await post(proxy, "/utils/token_counter", [])).status).toBe(400);
  });
});

describe("health", () => {
  const state = { group: "chat", model: "ollama_chat/llama3", inFlight: 0, queued: 0 };
  const states = [
    { ...state, id: "one", apiBase: "http://one:11434", healthy: true },
    { ...state, id: "two", apiBase: undefined, healthy: false, reason: "It refused the connection." },
    { ...state, id: "three", group: "other", apiBase: undefined, healthy: true },
  ];

  it("O4: tells how each deployment is from memory, and asks no model", async () => {
    const proxy = await startProxy({ wrap: (engine) => ({ ...engine, states: () => states }) });
    const one = { model: "ollama_chat/llama3", model_group: "chat", model_id: "one", api_base: "http://one:11434" };
    expect((await get(proxy, "/health")).body).toEqual({
      healthy_endpoints: [one, { model: "ollama_chat/llama3", model_group: "other", model_id: "three" }],
      unhealthy_endpoints: [
        { model: "ollama_chat/llama3", model_group: "chat", model_id: "two", error: "It refused the connection." },
      ],
      healthy_count: 2,
      unhealthy_count: 1,
    });
    expect((await get(proxy, "/health?model=chat")).body).toMatchObject({ healthy_count: 1, unhealthy_count: 1 });
    expect((await get(proxy, "/health?model_id=one")).body).toMatchObject({
      healthy_endpoints: [one],
      unhealthy_count: 0,
    });
    expect(proxy.emulator.requests).toEqual([]);
  });

  it("tells the public no more than that it is ready", async () => {
    const { url } = await startProxy({ masterKey: "sk-a" });
    expect(await (await fetch(`${url}/health/readiness`)).json()).toEqual({ status: "healthy", db: "Not connected" });
    expect((await fetch(`${url}/health/readiness/details`)).status).toBe(401);
    const headers = { authorization: "Bearer sk-a" };
    expect(await (await fetch(`${url}/health/readiness/details`, { headers })).json()).toMatchObject({
      status: "healthy",
      litellm_version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });
});
