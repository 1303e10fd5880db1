import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { startProxy } from "./start-proxy.ts";

const hi = { role: "user", content: "hi" } as const;

it.each([
  ["no config", undefined, "plain:latest"],
  ["the wildcard", [{ name: "*", model: "ollama_chat/*" }], "plain:latest"],
  ["a prefixed wildcard", [{ name: "local/*", model: "ollama_chat/*" }], "local/plain:latest"],
])("every id listed is callable exactly as listed: %s", async (_, deployments, wanted) => {
  const { client, emulator } = await startProxy({ deployments });
  const ids = (await client.models.list()).data.map(({ id }) => id);
  expect(ids).toContain(wanted);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids.filter((each) => each.includes("plain") || each.includes("thinker"))) {
    const { model } = await client.chat.completions.create({ model: id, messages: [hi] });
    expect(model).toBe(id);
    const { body } = await emulator.nextRequest("/api/chat");
    expect(body).toMatchObject({ model: expect.stringMatching(/^(acme\/)?(plain|thinker):\w+$/) });
  }
});

it("the wildcard takes a name with and without the provider's prefix", async () => {
  const { client, emulator } = await startProxy({ deployments: [{ name: "*", model: "ollama_chat/*" }] });
  for (const model of ["plain", "ollama_chat/plain", "plain:latest", "ollama_chat/acme/plain:v1"])
    await client.chat.completions.create({ model, messages: [hi] });
  const asked = emulator.requests.map(({ body }) => (body as { model: string }).model);
  expect(asked).toEqual(["plain", "plain", "plain:latest", "acme/plain:v1"]);
});

it("named deployments are listed as they are named, without asking anyone", async () => {
  const { client, url, emulator } = await startProxy({ deployments: [{ name: "gpt-4o", model: "ollama_chat/plain" }] });
  const { data } = await client.models.list();
  expect(data).toEqual([{ id: "gpt-4o", object: "model", created: expect.any(Number), owned_by: "ollama_chat" }]);
  expect(await (await fetch(`${url}/models`)).json()).toEqual({ object: "list", data });
  expect(emulator.requests).toEqual([]);
});

it("an upstream that does not answer is a 502", async () => {
  const { url, emulator } = await startProxy();
  await emulator.close();
  expect((await fetch(`${url}/v1/models`)).status).toBe(502);
});

it.each(["plain", "plain:latest", "acme/plain:v1", "ollama_chat/acme/plain:v1", "ollama/plain:latest"])(
  "K8: %s can be asked for, plain and percent-encoded",
  async (id) => {
    const { client, url } = await startProxy();
    const model = await client.models.retrieve(id);
    expect(model).toMatchObject({ id, object: "model", owned_by: id.startsWith("ollama/") ? "ollama" : "ollama_chat" });
    for (const path of [`/v1/models/${id}`, `/models/${id}`, `/v1/models/${encodeURIComponent(id)}`])
      expect(await (await fetch(url + path)).json()).toEqual(model);
  },
);

it("K8: a model that is not there is a 404 that says so", async () => {
  const { client } = await startProxy();
  for (const id of ["nope", "ollama/acme/nope:v1"])
    await expect(client.models.retrieve(id)).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
      type: "invalid_request_error",
    });
});

it("K8: a host that is down has no models, made up or otherwise", async () => {
  const config = "model_list: [{ model_name: '*', litellm_params: { model: ollama_chat/* } }]";
  const { client, url, emulator } = await startProxy({ config });
  await emulator.close();
  const text = await (await fetch(`${url}/v1/models`)).text();
  expect(JSON.parse(text)).toEqual({ error: expect.objectContaining({ code: "upstream_connection_failed" }) });
  await expect(client.models.retrieve("llama2")).rejects.toMatchObject({ status: 502 });
});

it("K8: /model/info says who answers and what each can do, and no addresses", async () => {
  const info = "model_info: { supports_vision: true, max_input_tokens: 4096 }";
  const config = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: ollama_chat/thinkcall, api_key: sk-secret }, ${info} }
  - { model_name: vectors, litellm_params: { model: ollama/embedder } }
  - { model_name: local/*, litellm_params: { model: ollama/* } }
`;
  for (const version of ["0.24.0", "0.33.0"] as const) {
    const { url, emulator } = await startProxy({ config, version });
    const text = await (await fetch(`${url}/model/info`)).text();
    expect(text).not.toMatch(/sk-secret|127\.0\.0\.1/);
    const { data } = JSON.parse(text) as { data: { model_name: string }[] };
    const find = (name: string) => data.find(({ model_name }) => model_name === name);
    expect(find("gpt-4o")).toMatchObject({
      litellm_params: { model: "ollama_chat/thinkcall" },
      model_info: { mode: "chat", max_input_tokens: 4096, supports_reasoning: true, supports_vision: true },
    });
    expect(find("vectors")).toMatchObject({ model_info: { mode: "embedding", supports_vision: false } });
    expect(find("local/tools:latest")).toMatchObject({
      litellm_params: { model: "ollama/tools:latest" },
      model_info: { litellm_provider: "ollama", supports_function_calling: true },
    });
    await emulator.close();
    const down = await (await fetch(`${url}/v1/model/info`)).json();
    expect(down).toMatchObject({
      data: [{ model_name: "gpt-4o", model_info: { supports_vision: true } }, { model_name: "vectors" }],
    });
  }
});

it("each key is told of its own models, whoever asked before", async () => {
  const sha256 = (key: string) => createHash("sha256").update(key).digest("hex");
  const { url } = await startProxy({
    deployments: ["a-1", "a-2", "b-1"].map((name) => ({ name, model: "ollama_chat/plain" })),
    server: { masterKey: "sk-m", keys: [{ name: "a", sha256: sha256("sk-a"), models: ["a-*"] }] },
  });
  const ids = async (key: string) => {
    const answer = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    return ((await answer.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };
  for (let round = 0; round < 2; round++) {
    expect(await ids("sk-m")).toEqual(["a-1", "a-2", "b-1"]);
    expect(await ids("sk-a")).toEqual(["a-1", "a-2"]);
  }
});
