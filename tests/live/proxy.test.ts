import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createApp } from "../../apps/proxy/src/http/create-app.ts";
import { createLlamaduct } from "../../packages/llamaduct/src/index.ts";

const sentence = "The quick brown llama jumps over the lazy alpaca.";
const messages = [{ role: "user" as const, content: "hi" }];
const weather = {
  type: "function" as const,
  function: { name: "get_current_weather", parameters: { type: "object" } },
};

let client: OpenAI;
const engine = createLlamaduct({
  settings: { ollama_chat: { baseURL: inject("ollamaURL") }, ollama: { baseURL: inject("ollamaURL") } },
});
const app = createApp({
  served: () => ({ engine, server: { masterKey: "sk-live-test" } }),
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

  it.each(["plain", "jsonish", "tools", "thinker"])(
    "C1, B7: makes %s call when it must, and never when it must not",
    async (name) => {
      const model = `llamaduct/${name}`;
      for (const tool_choice of [
        "required",
        { type: "function", function: { name: "get_current_weather" } },
      ] as const) {
        const { choices } = await client.chat.completions.create({ model, messages, tools: [weather], tool_choice });
        expect(choices[0]?.finish_reason).toBe("tool_calls");
        const [call] = choices[0]?.message.tool_calls ?? [];
        expect(call?.type === "function" && call.function.name).toBe("get_current_weather");
        expect(() => call?.type === "function" && JSON.parse(call.function.arguments)).not.toThrow();
      }
      const none = await client.chat.completions.create({ model, messages, tools: [weather], tool_choice: "none" });
      expect(none.choices[0]?.message.tool_calls).toBeUndefined();
    },
  );

  it("gets errors that say what is wrong", async () => {
    const ask = (body: object) => client.chat.completions.create({ model: "llamaduct/plain", messages, ...body });
    await expect(ask({ model: "llamaduct/none" })).rejects.toMatchObject({ status: 404, code: "model_not_found" });
    await expect(ask({ num_ctx: "many" })).rejects.toMatchObject({ status: 400, param: "num_ctx" });
  });
});

describe("what OpenAI's client has beside chat", () => {
  it.each(["ollama/llamaduct", "llamaduct"])("P2: %s/coder fills in the middle, whole and streamed", async (prefix) => {
    const request = { model: `${prefix}/coder`, prompt: "def add(a, b):\n    ", suffix: "\nprint(add(1, 2))" };
    const { choices, usage } = await client.completions.create(request);
    expect(choices).toMatchObject([{ index: 0, text: "return a + b\n", finish_reason: "stop" }]);
    expect(usage?.completion_tokens).toBe(6);
    let text = "";
    for await (const chunk of await client.completions.create({ ...request, stream: true }))
      text += chunk.choices[0]?.text;
    expect(text).toBe("return a + b\n");
    await expect(client.completions.create({ ...request, model: `${prefix}/plain` })).rejects.toMatchObject({
      status: 400,
      param: "suffix",
    });
  });

  it("P3, I1: several prompts are several choices, cut where the limit is", async () => {
    const request = { model: "llamaduct/plain", prompt: ["hi", "ho"], max_tokens: 3 };
    const { choices } = await client.completions.create(request);
    const cut = { text: "The quick brown", finish_reason: "length" };
    expect(choices).toMatchObject([
      { ...cut, index: 0 },
      { ...cut, index: 1 },
    ]);
  });

  it("J1: embeddings are the same in base64, the client's default, and in numbers", async () => {
    const request = { model: "llamaduct/embedder", input: ["hello", "llama"] };
    const usual = await client.embeddings.create(request);
    const float = await client.embeddings.create({ ...request, encoding_format: "float" });
    expect(usual.data.map(({ embedding }) => embedding.length)).toEqual([512, 512]);
    for (const [index, { embedding }] of usual.data.entries())
      for (const [at, value] of embedding.entries())
        expect(value).toBeCloseTo(float.data[index]?.embedding[at] ?? 2, 6);
    expect(usual.data[0]?.embedding).not.toEqual(usual.data[1]?.embedding);
    await expect(client.embeddings.create({ ...request, dimensions: 4096 })).rejects.toMatchObject({ status: 400 });
    await expect(client.embeddings.create({ ...request, model: "llamaduct/plain" })).rejects.toMatchObject({
      status: 400,
      param: "model",
    });
  });

  it.each(["llamaduct/plain", "ollama_chat/llamaduct/plain:latest"])("K8: finds %s", async (id) => {
    expect(await client.models.retrieve(id)).toMatchObject({ id, object: "model" });
    await expect(client.models.retrieve(`${id}-not`)).rejects.toMatchObject({ status: 404 });
  });
});

describe("what a chat can hold", () => {
  const thought = "The user greets me; I greet back.";

  it.each([
    ["thinker", undefined, "Hello there!", thought],
    ["thinker", "high", "Hello there!", thought],
    ["thinker", "none", sentence, undefined],
    ["leaky", undefined, "Sure: shown", "hidden"],
  ] as const)(
    "F2, F3, F6: %s with effort %s, on both endpoints",
    async (name, reasoning_effort, content, reasoning) => {
      for (const prefix of ["ollama", "ollama_chat"]) {
        const request = {
          model: `${prefix}/llamaduct/${name}`,
          messages,
          ...(reasoning_effort && { reasoning_effort }),
        };
        const { choices } = await client.chat.completions.create(request);
        expect(choices[0]?.message.content).toBe(content);
        if (reasoning === undefined) expect(choices[0]?.message).not.toHaveProperty("reasoning_content");
        else expect(choices[0]?.message).toMatchObject({ reasoning_content: reasoning, reasoning });
      }
    },
  );

  it("I10: n answers, side by side, their usage added up", async () => {
    const request = { model: "llamaduct/plain", messages, n: 2, seed: 1 };
    const { choices, usage } = await client.chat.completions.create(request);
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, sentence],
      [1, sentence],
    ]);
    expect(usage?.completion_tokens).toBe(22);
    const texts = ["", ""];
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true }))
      for (const { index, delta } of chunk.choices) texts[index] += delta.content ?? "";
    expect(texts).toEqual([sentence, sentence]);
  });

  it("an image for a model without eyes is one clear sentence; so is a URL, a BMP", async () => {
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const bmp = Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)]).toString("base64");
    for (const [url, param] of [
      [`data:image/png;base64,${png}`, "messages"],
      ["http://127.0.0.1:1/a.png", "messages.0.content.0.image_url"],
      [`data:image/bmp;base64,${bmp}`, "messages.0.content.0.image_url"],
    ] as const) {
      const content = [{ type: "image_url" as const, image_url: { url } }];
      for (const prefix of ["ollama", "ollama_chat"]) {
        const model = `${prefix}/llamaduct/plain`;
        const refused = client.chat.completions.create({ model, messages: [{ role: "user", content }] });
        await expect(refused).rejects.toMatchObject({ status: 400, param });
      }
    }
  });

  it("I6: what is too long is said to be", async () => {
    for (const prefix of ["ollama", "ollama_chat"]) {
      const long = [{ role: "user" as const, content: "hello ".repeat(400) }];
      const refused = client.chat.completions.create({ model: `${prefix}/llamaduct/tiny`, messages: long });
      await expect(refused).rejects.toMatchObject({ status: 400, code: "context_length_exceeded", param: "messages" });
    }
  });
});
