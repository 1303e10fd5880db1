import {
  type ChatRequest,
  collect,
  createRegistry,
  type ModelFacts,
  type Provider,
  ProviderError,
  type StreamPart,
  type TextRequest,
} from "@llamaduct/core";
import type { Transport, TransportRequest } from "@llamaduct/http";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import { createOllamaGenerate, type OllamaGenerateOptions, provider } from "./ollama-generate.ts";

const text = (options: OllamaGenerateOptions, name = "m", facts?: ModelFacts) => {
  const model = createOllamaGenerate(options).textModel?.(name, facts);
  if (model === undefined) throw new Error("no text models");
  return model;
};
const chat = (ollama: Provider, name = "m", facts?: ModelFacts) => {
  const model = ollama.chatModel?.(name, facts);
  if (model === undefined) throw new Error("no chat models");
  return model;
};
const none = () => undefined;

const hello: TextRequest = { prompt: "hi" };
const hi: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
const image = { type: "image", mediaType: "image/png", data: "aGk=" } as const;
const done = { response: "", done: true, done_reason: "stop" };

/** An upstream that answers with these lines, and remembers what it was sent. */
function answering(...lines: readonly object[]) {
  const requests: TransportRequest[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    return {
      status: 200,
      headers: {},
      body: (async function* () {
        yield new TextEncoder().encode(body);
      })(),
    };
  };
  return { requests, transport };
}

async function partsOf(transport: Transport, request: TextRequest = hello): Promise<readonly StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const batch of text({ transport }).stream(request)) parts.push(...batch);
  return parts;
}

describe("an answer", () => {
  it("F1, F2: every thinking delta is reasoning, the response is text", async () => {
    const thoughts = Array.from({ length: 50 }, (_, n) => ({ response: "", thinking: `t${n} `, done: false }));
    const parts = await partsOf(answering(...thoughts, { response: "so", thinking: "last" }, done).transport);
    const reasoning = parts.flatMap((part) => (part.type === "reasoning-delta" ? [part.text] : []));
    expect(reasoning).toEqual([...thoughts.map(({ thinking }) => thinking), "last"]);
    expect(parts.at(-2)).toEqual({ type: "text-delta", text: "so" });
  });

  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["load", "stop"],
    ["unload", "stop"],
    ["melted", "other"],
  ])("I1: %s ends as %s", async (rawReason, reason) => {
    const parts = await partsOf(answering({ ...done, done_reason: rawReason }).transport);
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason, rawReason });
  });

  it("N3: a final reason without done is final", async () => {
    const parts = await partsOf(answering({ response: "a", done_reason: "stop" }).transport);
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "stop" });
  });

  const event = { model: "m", response: "a", thinking: "b", done: false, logprobs: [{ token: "a", logprob: -1 }] };

  it.each(Object.keys(event))(
    "F5: survives without %s, with null for it, and names the protocol for a number",
    async (key) => {
      const { [key]: _, ...without } = event as Record<string, unknown>;
      for (const line of [without, { ...event, [key]: null }])
        expect((await partsOf(answering(line, done).transport)).at(-1)).toMatchObject({ type: "finish" });
      const odd = partsOf(answering({ ...event, [key]: 1 }, done).transport);
      if (key === "model") await odd;
      else await expect(odd).rejects.toMatchObject({ code: "upstream_protocol_error" });
    },
  );

  it("N2: an end without the final event is an error", async () => {
    await expect(partsOf(answering({ response: "a", done: false }).transport)).rejects.toMatchObject({
      code: "upstream_stream_interrupted",
    });
  });

  it("the context is kept back unless it was asked for or sent", async () => {
    const { transport } = answering({ ...done, context: [1, 2, 3] });
    expect((await partsOf(transport)).at(-1)).not.toHaveProperty("metadata");
    for (const context of [true, [9]])
      expect((await partsOf(transport, { ...hello, extra: { context } })).at(-1)).toMatchObject({
        metadata: { context: [1, 2, 3] },
      });
    expect(
      (await partsOf(answering(done).transport, { ...hello, extra: { context: true } })).at(-1),
    ).not.toHaveProperty("metadata");
  });
});

describe.each(["0.24.0", "0.33.0"] as const)("completions on %s", (version) => {
  it("P2: fills in the middle, at one request", async () => {
    await using emulator = await startEmulator({ version });
    const coder = text({ baseURL: emulator.url }, "coder");
    const { content } = await collect(coder.stream({ prompt: "def add(a, b):\n    ", suffix: "\nprint(add(1, 2))" }));
    expect(content).toEqual([{ type: "text", text: "return a + b\n" }]);
    expect(emulator.requests.map(({ path }) => path)).toEqual(["/api/generate"]);
  });

  it("P2: a model that cannot is a clear refusal, which is learnt", async () => {
    await using emulator = await startEmulator({ version });
    const plain = text({ baseURL: emulator.url }, "plain");
    for (const _ of [1, 2])
      await expect(collect(plain.stream({ prompt: "a", suffix: "b" }))).rejects.toMatchObject({
        code: "unsupported",
        setting: "suffix",
        provider: "ollama",
        modelId: "plain",
      });
    expect(emulator.requests.length).toBe(1);
    expect(plain.capabilities()).toMatchObject({ suffix: "none", images: "unknown" });
  });

  it("an empty prompt before a suffix comes back as text, not as a load reply", async () => {
    await using emulator = await startEmulator({ version });
    const { content, finish, warnings } = await collect(
      text({ baseURL: emulator.url }, "coder").stream({ prompt: "", suffix: "b" }),
    );
    expect(content).toEqual([{ type: "text", text: "return a + b\n" }]);
    expect(finish.rawReason).toBe("stop");
    expect(warnings.map(({ setting }) => setting)).toEqual(["prompt"]);
  });

  it("an image for a model without eyes is one clear sentence, though old servers would drop it", async () => {
    await using emulator = await startEmulator({ version });
    const asking = text({ baseURL: emulator.url }, "plain").stream({ prompt: "?", images: [image] });
    await expect(collect(asking)).rejects.toMatchObject({
      code: "unsupported",
      setting: "images",
      message: "This model does not take images.",
    });
    expect(emulator.requests.map(({ path }) => path)).toEqual(["/api/show"]);
  });
});

describe.each(["0.24.0", "0.33.0"] as const)("chats on %s", (version) => {
  it("E1: a plain one is system and prompt, at one request", async () => {
    await using emulator = await startEmulator({ version });
    const messages = [{ role: "system", content: "You are a llama." } as const, ...hi.messages];
    const { content } = await collect(
      chat(createOllamaGenerate({ baseURL: emulator.url }), "custom").stream({ messages }),
    );
    expect(content).toEqual([{ type: "text", text: "The quick brown llama jumps over the lazy alpaca." }]);
    expect(emulator.requests.map(({ path, body }) => [path, body])).toMatchInlineSnapshot(`
      [
        [
          "/api/generate",
          {
            "model": "custom",
            "prompt": "hi",
            "stream": true,
            "system": "You are a llama.",
            "truncate": false,
          },
        ],
      ]
    `);
  });

  it("its errors name the chat's fields", async () => {
    await using emulator = await startEmulator({ version });
    const model = chat(createOllamaGenerate({ baseURL: emulator.url }), "plain");
    const seeing = model.stream({ messages: [{ role: "user", content: [{ type: "text", text: "?" }, image] }] });
    await expect(collect(seeing)).rejects.toMatchObject({ code: "unsupported", setting: "messages" });
    emulator.enqueue({ path: "/api/generate", recording: "chat-overflow-truncate-false" });
    await expect(collect(model.stream(hi))).rejects.toMatchObject({
      code: "context_length_exceeded",
      setting: "messages",
    });
    emulator.enqueue({ path: "/api/generate", recording: "chat-overflow-truncate-false" });
    await expect(collect(text({ baseURL: emulator.url }, "plain").stream(hello))).rejects.toMatchObject({
      code: "context_length_exceeded",
      setting: "prompt",
    });
  });
});

describe("chats that say more than a prompt can", () => {
  const tools = [{ name: "f", parameters: {} }];
  const capabilities = {
    tools: "native",
    jsonSchema: "native",
    reasoning: "unknown",
    images: "none",
    suffix: "none",
    embeddings: "none",
  } as const;

  /** An `ollama_chat` that remembers what it is handed. */
  function sibling() {
    const seen: unknown[] = [];
    const ollamaChat = {
      specVersion: 1,
      id: "ollama_chat",
      settings: ["seed"],
      chatModel: (modelId: string, facts?: ModelFacts) => ({
        provider: "ollama_chat",
        modelId,
        capabilities: () => capabilities,
        async *stream(request: ChatRequest) {
          seen.push(modelId, facts, request);
          yield [
            { type: "start", modelId, warnings: [] },
            { type: "tool-call-start", id: "c", name: "f" },
            { type: "tool-call-delta", id: "c", argumentsDelta: "{}" },
            { type: "finish", reason: "tool-calls", usage: { inputTokens: 1, outputTokens: 1 } },
          ] satisfies StreamPart[];
        },
      }),
    } satisfies Provider;
    return { seen, ollamaChat };
  }

  it("E2: go to the provider ollama_chat with the same settings and facts, and what it says comes back", async () => {
    const { seen, ollamaChat } = sibling();
    const create = (settings: object) => {
      seen.push(settings);
      return ollamaChat;
    };
    const registry = createRegistry([provider, { specVersion: 1, id: "ollama_chat", create }]);
    const model = chat(registry.provider("ollama", { baseURL: "http://h" }), "m", { contextLength: 7 });
    const request = { ...hi, tools, settings: { seed: 1, logitBias: { 1: 1 } } };
    const { content, warnings } = await collect(model.stream(request));
    expect(content).toEqual([{ type: "tool-call", id: "c", name: "f", arguments: "{}" }]);
    expect(seen).toEqual([{ baseURL: "http://h" }, "m", { contextLength: 7 }, { ...request, settings: { seed: 1 } }]);
    expect(warnings.map(({ setting }) => setting)).toEqual(["settings.logitBias"]);
  });

  it("what either provider knows of the model is known", () => {
    const { ollamaChat } = sibling();
    const model = chat(createOllamaGenerate({ chatProvider: () => ollamaChat }), "m", {
      capabilities: { images: "native" },
    });
    expect(model.capabilities()).toEqual({ ...capabilities, images: "native" });
  });

  it.each<[string, ChatRequest, string]>([
    ["tools", { ...hi, tools }, "tools"],
    ["a conversation", { messages: [...hi.messages, ...hi.messages] }, "messages"],
  ])("without it, %s is unsupported before anything is sent", async (_, request, setting) => {
    const { requests, transport } = answering(done);
    const model = chat(createOllamaGenerate({ transport }));
    await expect(collect(model.stream(request))).rejects.toMatchObject({ code: "unsupported", setting });
    expect(requests).toEqual([]);
    expect(model.capabilities().tools).toBe("none");
  });
});

describe("the factory", () => {
  it("refuses options it does not know", () => {
    expect(() => provider.create({ options: { typo: 1 } }, none)).toThrow(ProviderError);
  });

  it("K8, J3: lists, describes and embeds like the other adapter", async () => {
    await using emulator = await startEmulator();
    const ollama = provider.create({ baseURL: emulator.url }, none);
    expect((await ollama.listModels?.())?.map(({ id }) => id)).toContain("coder:latest");
    expect(await ollama.describe?.("coder")).toMatchObject({ capabilities: { suffix: "native" } });
    const embedded = await ollama.embeddingModel?.("embedder").embed({ input: ["a"] });
    expect(embedded?.vectors[0]?.length).toBe(512);
  });
});
