import {
  type ChatRequest,
  collect,
  createRegistry,
  type ModelFacts,
  type Provider,
  ProviderError,
  type StreamPart,
} from "@llamaduct/core";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import { hello } from "../test/replay.ts";
import { createOllamaChat, provider } from "./ollama-chat.ts";

const chat = (ollama: Provider, name: string, facts?: ModelFacts) => {
  const model = ollama.chatModel?.(name, facts);
  if (model === undefined) throw new Error("no chat models");
  return model;
};
const text = (ollama: Provider, name: string, facts?: ModelFacts) => {
  const model = ollama.textModel?.(name, facts);
  if (model === undefined) throw new Error("no text models");
  return model;
};
const none = () => undefined;
const picture: ChatRequest = {
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "?" },
        { type: "image", mediaType: "image/png", data: "aGk=" },
      ],
    },
  ],
};

describe("the factory", () => {
  it("refuses options it does not know", () => {
    expect(() => provider.create({ options: { typo: 1 } }, none)).toThrow(ProviderError);
  });

  it("K8: lists what the server has, with what its listing knows", async () => {
    await using emulator = await startEmulator();
    const models = await provider.create({ baseURL: emulator.url }, none).listModels?.();
    expect(models?.find(({ id }) => id === "thinker:latest")).toMatchObject({
      capabilities: { reasoning: "native", tools: "unknown", jsonSchema: "native" },
      contextLength: 8192,
    });
  });

  it("J3: embeds", async () => {
    await using emulator = await startEmulator();
    const model = provider.create({ baseURL: emulator.url }, none).embeddingModel?.("embedder");
    const { vectors, usage } = (await model?.embed({ input: ["a", "b"] })) ?? {};
    expect(vectors?.map(({ length }) => length)).toEqual([512, 512]);
    expect(usage).toEqual({ inputTokens: 4, outputTokens: 0 });
  });
});

describe.each(["0.24.0", "0.33.0"] as const)("capabilities on %s", (version) => {
  it("are what describe learnt, kept; facts win; no other model's", async () => {
    await using emulator = await startEmulator({ version });
    const ollama = createOllamaChat({ baseURL: emulator.url });
    const model = chat(ollama, "tools");
    expect(model.capabilities().tools).toBe("unknown");
    expect(await ollama.describe?.("tools")).toMatchObject({ id: "tools", contextLength: 8192 });
    expect(model.capabilities()).toMatchObject({ tools: "native", reasoning: "none", jsonSchema: "native" });
    expect(chat(ollama, "tools", { capabilities: { tools: "none" } }).capabilities().tools).toBe("none");
    expect(chat(ollama, "plain").capabilities().tools).toBe("unknown");
    expect(await ollama.describe?.("nope")).toBeUndefined();
  });

  it("K1: a chat is one request, to the host that was named", async () => {
    await using emulator = await startEmulator({ version });
    await collect(chat(createOllamaChat({ baseURL: emulator.url }), "thinker").stream({ ...hello, reasoning: true }));
    expect(emulator.requests.map(({ path }) => path)).toEqual(["/api/chat"]);
  });

  it("B7: are learnt from a refusal", async () => {
    await using emulator = await startEmulator({ version });
    const model = chat(createOllamaChat({ baseURL: emulator.url }), "plain");
    const request: ChatRequest = { ...hello, tools: [{ name: "f", parameters: {} }] };
    await expect(collect(model.stream(request))).rejects.toMatchObject({ code: "unsupported", setting: "tools" });
    expect(model.capabilities()).toMatchObject({ tools: "none", reasoning: "unknown" });
  });

  it("F3: a refused level is left out with a warning, and not even asked for once that is known", async () => {
    await using emulator = await startEmulator({ version });
    const model = chat(createOllamaChat({ baseURL: emulator.url }), "plain");
    const request: ChatRequest = { ...hello, reasoning: "high" };
    for (const asked of [2, 3]) {
      const { warnings } = await collect(model.stream(request));
      expect(warnings.map(({ setting }) => setting)).toEqual(["reasoning"]);
      expect(emulator.requests.filter(({ path }) => path === "/api/chat")).toHaveLength(asked);
      expect(emulator.requests.at(-1)?.body).not.toHaveProperty("think");
    }
    const strict = collect(model.stream({ ...request, strictSettings: true }));
    await expect(strict).rejects.toMatchObject({ code: "unsupported", setting: "reasoning" });
  });

  it("an image for a model without eyes is one clear sentence, though old servers would drop it", async () => {
    await using emulator = await startEmulator({ version });
    const model = chat(createOllamaChat({ baseURL: emulator.url }), "plain");
    for (const paths of [["/api/show"], ["/api/show"]]) {
      await expect(collect(model.stream(picture))).rejects.toMatchObject({
        code: "unsupported",
        setting: "messages",
        message: "This model does not take images.",
      });
      expect(emulator.requests.map(({ path }) => path)).toEqual(paths);
    }
  });

  it("an image goes to a model that sees, without a question, when the application says so", async () => {
    await using emulator = await startEmulator({ version });
    const facts = { capabilities: { images: "native" } } as const;
    const model = chat(createOllamaChat({ baseURL: emulator.url }), "plain", facts);
    await collect(model.stream(picture)).catch(none);
    expect(emulator.requests.map(({ body }) => body)).toMatchObject([
      { messages: [{ content: "?", images: ["aGk="] }] },
    ]);
  });
});

describe("raw completions", () => {
  const answer: readonly StreamPart[] = [
    { type: "start", modelId: "m", warnings: [] },
    { type: "text-delta", text: "done" },
    { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } },
  ];

  it("E2: go to the provider ollama, for the same host and the same facts", async () => {
    const seen: unknown[] = [];
    const registry = createRegistry([
      provider,
      {
        specVersion: 1,
        id: "ollama",
        create: (settings) => ({
          specVersion: 1,
          id: "ollama",
          settings: ["seed"],
          textModel: (modelId, facts) => ({
            provider: "ollama",
            modelId,
            capabilities: () => ({ ...unknown, suffix: "native" }),
            async *stream(request) {
              seen.push(settings, modelId, facts, request);
              yield answer;
            },
          }),
        }),
      },
    ]);
    const facts = { contextLength: 7 };
    const model = text(registry.provider("ollama_chat", { baseURL: "http://h", apiKey: "k" }), "m", facts);
    expect(model.capabilities().suffix).toBe("native");
    const request = { prompt: "a", suffix: "b", settings: { seed: 1, logitBias: { 1: 1 } } };
    const { content, warnings } = await collect(model.stream(request));
    expect(content).toEqual([{ type: "text", text: "done" }]);
    expect(seen).toEqual([{ baseURL: "http://h", apiKey: "k" }, "m", facts, { ...request, settings: { seed: 1 } }]);
    expect(warnings.map(({ setting }) => setting)).toEqual(["settings.logitBias"]);
  });

  it("are unsupported without it", async () => {
    const model = text(createOllamaChat(), "m");
    expect(model.capabilities().suffix).toBe("unknown");
    await expect(collect(model.stream({ prompt: "a" }))).rejects.toMatchObject({
      code: "unsupported",
      setting: "prompt",
    });
  });
});

const unknown = {
  tools: "unknown",
  jsonSchema: "unknown",
  reasoning: "unknown",
  images: "unknown",
  suffix: "unknown",
  embeddings: "unknown",
} as const;
