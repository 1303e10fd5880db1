import { describe, expect, it } from "vitest";
import { line } from "./ndjson.ts";
import { started } from "./run-command.ts";
import { startProxy } from "./start-proxy.ts";

const end = `${JSON.stringify({ message: { role: "assistant", content: "" }, done: true, done_reason: "stop" })}\n`;
const answer = { chunks: [line({ content: "hi" }), end], times: Number.POSITIVE_INFINITY };
const messages = [{ role: "user", content: "hi" } as const];

describe("a name never becomes a path, a host or a header of an upstream", () => {
  const NAMES = [
    "../../api/delete",
    "..%2f..%2fapi%2fdelete",
    "%2e%2e/api/pull",
    "/api/push",
    "http://169.254.169.254/",
    "a?b=c#d",
    "a\\..\\b",
    "//evil/v1",
    "@evil",
    "a:b@evil:80/x",
    ".",
    "",
  ];

  it.each(NAMES)("T1: %j", async (name) => {
    const proxy = await startProxy();
    proxy.emulator.enqueue(answer);
    await proxy.client.chat.completions.create({ model: name, messages }).catch(() => {});
    await proxy.client.chat.completions.create({ model: `ollama_chat/${name}`, messages }).catch(() => {});
    await proxy.client.embeddings.create({ model: name, input: "a" }).catch(() => {});
    for (const path of [
      `/v1/models/${name}`,
      `/v1/models/${encodeURIComponent(name)}`,
      `/engines/${name}/completions`,
    ]) {
      const response = await fetch(proxy.url + path, { method: path.endsWith("completions") ? "POST" : "GET" });
      expect(response.status).not.toBe(500);
      await response.text();
    }
    for (const { method, path, headers } of proxy.emulator.requests) {
      expect(["POST /api/chat", "POST /api/embed", "POST /api/show", "GET /api/tags", "POST /api/generate"]).toContain(
        `${method} ${path}`,
      );
      expect(headers["host"]).toBe(new URL(proxy.emulator.url).host);
    }
  });
});

describe("a model of Ollama's cloud", () => {
  const CLOUD = [
    "gpt-oss:cloud",
    "gpt-oss:120b-cloud",
    "ollama_chat/gpt-oss:120B-Cloud",
    "a/b:c:cloud",
    "ollama/gpt-oss:cloud",
    " gpt-oss:120b-cloud ",
  ];
  const LOCAL = ["my-cloud", "cloud", "cloud:latest", "a:cloudy", "b-cloud:7b"];
  const tags = { models: ["gpt-oss:120b-cloud", "my-cloud:latest"].map((name) => ({ name, model: name })) };

  it("is not asked because a request names it, nor listed; any other name is", async () => {
    const proxy = await startProxy({ config: "litellm_settings: {}\n" });
    proxy.emulator.enqueue(answer);
    for (const model of CLOUD) {
      const error = await proxy.client.chat.completions.create({ model, messages }).catch((reason) => reason);
      expect(error).toMatchObject({ status: 400, code: "unsupported", param: "model" });
      expect(error.message).toContain("llamaduct.cloud_models");
      expect((await fetch(`${proxy.url}/v1/models/${model.trim()}`)).status).toBe(400);
    }
    expect(proxy.emulator.requests).toEqual([]);
    for (const model of LOCAL) await proxy.client.chat.completions.create({ model, messages });
    proxy.emulator.enqueue({ path: "/api/tags", chunks: [JSON.stringify(tags)] });
    expect((await proxy.client.models.list()).data.map(({ id }) => id)).toEqual(["my-cloud:latest"]);
  });

  it("is not asked in another one's place either", async () => {
    const proxy = await startProxy({ config: "litellm_settings: {}\n" });
    proxy.emulator.enqueue({ status: 500, chunks: ['{"error":"broken"}'], times: Number.POSITIVE_INFINITY });
    const body = { model: "plain", messages, fallbacks: ["gpt-oss:120b-cloud"] };
    await expect(proxy.client.chat.completions.create(body)).rejects.toThrow();
    expect(proxy.emulator.requests.filter(({ text }) => text.includes("gpt-oss"))).toEqual([]);
  });

  it.each([
    ["cloud_models: true", "llamaduct: { cloud_models: true }\n"],
    [
      "an entry",
      "model_list: [{ model_name: 'gpt-oss:120b-cloud', litellm_params: { model: 'ollama_chat/gpt-oss:120b-cloud' } }]\n",
    ],
  ])("is asked where the operator says so: %s", async (_, config) => {
    const proxy = await startProxy({ config });
    proxy.emulator.enqueue(answer);
    await proxy.client.chat.completions.create({ model: "gpt-oss:120b-cloud", messages });
    expect((await proxy.emulator.nextRequest("/api/chat")).body).toMatchObject({ model: "gpt-oss:120b-cloud" });
  });

  it("is refused by a proxy that has no config, too", async () => {
    const { url } = await started(["--port", "0", "--host", "127.0.0.1"], { OLLAMA_HOST: "127.0.0.1:9" });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ model: "gpt-oss:120b-cloud", messages });
    const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
    expect(await response.text()).toContain("llamaduct.cloud_models");
  });
});
