import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createApp } from "../../apps/proxy/src/create-app.ts";
import { createLlamaduct } from "../../packages/llamaduct/src/index.ts";

const sentence = "The quick brown llama jumps over the lazy alpaca.";
const messages = [{ role: "user" as const, content: "hi" }];
const weather = {
  type: "function" as const,
  function: { name: "get_current_weather", parameters: { type: "object" } },
};

let client: OpenAI;
const app = createApp({
  engine: createLlamaduct({ settings: { ollama_chat: { baseURL: inject("ollamaURL") } } }),
  masterKey: "sk-live-test",
  logger: pino({ level: "silent" }),
});

beforeAll(async () => {
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  client = new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: "sk-live-test", maxRetries: 0 });
});
afterAll(async () => {
  app.server.closeAllConnections();
  await app.close();
});

describe("openai-node through the proxy", () => {
  it("gets a whole answer with usage", async () => {
    const { choices, usage } = await client.chat.completions.create({ model: "llamaduct/plain", messages });
    expect(choices[0]).toMatchObject({ message: { content: sentence }, finish_reason: "stop" });
    expect(usage?.completion_tokens).toBe(11);
  });

  it("gets a streamed one, token by token, and the usage it asked for", async () => {
    const stream = await client.chat.completions.create({
      model: "ollama_chat/llamaduct/plain",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) texts.push(chunk.choices[0].delta.content);
      usage = chunk.usage ?? usage;
    }
    expect(texts.join("")).toBe(sentence);
    expect(texts.length).toBeGreaterThanOrEqual(10);
    expect(usage?.completion_tokens).toBe(11);
  });

  it("assembles a streamed tool call with the SDK's own helper", async () => {
    const stream = client.chat.completions.stream({ model: "llamaduct/tools", messages, tools: [weather] });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe("tool_calls");
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect(call?.type === "function" && JSON.parse(call.function.arguments)).toEqual({
      location: "Boston, MA",
      unit: "celsius",
    });
  });

  it("can call every listed model by the listed name", async () => {
    const { data } = await client.models.list();
    const own = data.filter(({ id }) => id.startsWith("llamaduct/"));
    expect(own.length).toBeGreaterThan(10);
    for (const { id } of own.filter(({ id }) => /\/(plain|thinker|unicode):/.test(id))) {
      const { choices } = await client.chat.completions.create({ model: id, messages });
      expect(choices[0]?.message.content).not.toBe("");
    }
  });

  it("gets errors that say what is wrong", async () => {
    const ask = (body: object) => client.chat.completions.create({ model: "llamaduct/plain", messages, ...body });
    await expect(ask({ model: "llamaduct/none" })).rejects.toMatchObject({ status: 404, code: "model_not_found" });
    await expect(ask({ tools: [weather] })).rejects.toMatchObject({ status: 400, code: "unsupported", param: "tools" });
    await expect(ask({ num_ctx: "many" })).rejects.toMatchObject({ status: 400, param: "num_ctx" });
  });
});
