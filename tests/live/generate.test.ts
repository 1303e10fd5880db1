import { describe, expect, inject, it } from "vitest";
import {
  type ChatModel,
  type ChatRequest,
  type Completion,
  collect,
  type TextModel,
  type TextRequest,
} from "../../packages/core/src/index.ts";
import { createOllamaChat } from "../../packages/ollama-chat/src/index.ts";
import { createOllamaGenerate } from "../../packages/ollama-generate/src/index.ts";
import { createOllamaHost } from "../../packages/ollama-host/src/index.ts";

const baseURL = inject("ollamaURL");
const chats = createOllamaChat({ baseURL });
const provider = createOllamaGenerate({ baseURL, chatProvider: () => chats });
const host = createOllamaHost({ baseURL });

const LLAMA = "The quick brown llama jumps over the lazy alpaca.";
const image = {
  type: "image",
  mediaType: "image/png",
  data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
} as const;
const hi: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
const schema = {
  type: "object",
  properties: { answer: { type: "string" }, score: { type: "integer" } },
  required: ["answer", "score"],
};

describe("completions", () => {
  it.each([
    ["plain", LLAMA, 11],
    ["unicode", "日本語é 🦙", 8],
    ["leaky", "Sure: <think>hidden</think>shown", 5],
    ["custom", LLAMA, 11],
    ["tiny", LLAMA, 11],
    ["coder", LLAMA, 11],
    ["jsonish", '{"answer": "yes", "score": 7}', 6],
  ])("%s says its script and stops, every token counted", async (name, text, outputTokens) => {
    const { content, finish, warnings } = await complete(name);
    expect(content).toEqual([{ type: "text", text }]);
    expect(finish.reason).toBe("stop");
    expect(finish.usage.outputTokens).toBe(outputTokens);
    expect(finish).not.toHaveProperty("metadata");
    expect(warnings).toEqual([]);
  });

  it("an empty answer has no content and stops", async () => {
    const { content, finish } = await complete("empty");
    expect([content, finish.reason]).toEqual([[], "stop"]);
  });

  it("raw goes to the model as it is", async () => {
    const { content, finish } = await complete("plain", { prompt: "hi<|say|>", extra: { raw: true } });
    expect(content).toEqual([{ type: "text", text: LLAMA }]);
    expect(finish.usage).toEqual({ inputTokens: 4, outputTokens: 11 });
  });

  it("a template of the caller's is used", async () => {
    const { content } = await complete("plain", { extra: { template: "{{ .Prompt }}<|json|>" } });
    expect(content).toEqual([{ type: "text", text: '{"answer": "yes", "score": 7}' }]);
  });

  it("the context goes on where it left off", async () => {
    const first = await complete("plain", { extra: { context: true } });
    const context = first.finish.metadata?.["context"];
    if (!Array.isArray(context)) throw new Error("no context");
    expect(context.length).toBeGreaterThan(20);
    const second = await complete("plain", { extra: { context } });
    expect(second.finish.usage.inputTokens).toBeGreaterThan((first.finish.usage.inputTokens ?? Number.NaN) + 20);
  });

  it("the limit cuts it: length", async () => {
    const { content, finish } = await complete("plain", { settings: { maxOutputTokens: 3, logprobs: 1 } });
    expect(content).toEqual([{ type: "text", text: "The quick brown" }]);
    expect([finish.reason, finish.usage.outputTokens]).toEqual(["length", 3]);
  });

  it("a schema holds", async () => {
    const { content } = await complete("plain", { responseFormat: { type: "json", schema } });
    expect(JSON.parse(textOf(content))).toEqual({ answer: expect.any(String), score: expect.any(Number) });
  });

  it.each<[TextRequest["reasoning"], string]>([
    [undefined, "The user greets me; I greet back."],
    ["xhigh", "The user greets me; I greet back."],
    [false, ""],
  ])("reasoning: %s", async (reasoning, thought) => {
    const { content } = await complete("thinker", { reasoning });
    expect(content.flatMap((part) => (part.type === "reasoning" ? [part.text] : [])).join("")).toBe(thought);
    expect(textOf(content)).toBe(thought === "" ? LLAMA : "Hello there!");
  });
});

describe("filling in the middle", () => {
  it.each(["def add(a, b):\n    ", ""])("after %j", async (prompt) => {
    const { content, finish, warnings } = await complete("coder", { prompt, suffix: "\nprint(add(1, 2))" });
    expect(content).toEqual([{ type: "text", text: "return a + b\n" }]);
    expect([finish.reason, finish.usage.outputTokens]).toEqual(["stop", 6]);
    expect(warnings.length).toBe(prompt === "" ? 1 : 0);
  });

  it("a model that cannot says so", async () => {
    await expect(complete("plain", { suffix: "b" })).rejects.toMatchObject({ code: "unsupported", setting: "suffix" });
  });
});

describe("a plain chat", () => {
  const messages: ChatRequest["messages"] = [{ role: "system", content: "Be very terse." }, ...hi.messages];

  it.each(["plain", "custom", "coder", "thinker", "thinkcall", "tools", "native", "unicode"])(
    "with %s: the template once, as many tokens and the same answer as through /api/chat",
    async (name) => {
      for (const request of [hi, { messages }]) {
        const [generated, chatted] = [await say(name, request), await collect(model(chats, name).stream(request))];
        expect(generated.content).toEqual(chatted.content);
        expect(generated.finish.usage).toEqual(chatted.finish.usage);
        expect(generated.finish.usage.inputTokens).toBeGreaterThan(0);
      }
    },
  );

  it("an image for a model without eyes is one clear sentence, on both endpoints", async () => {
    const request: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "?" }, image] }] };
    const sentence = { code: "unsupported", setting: "messages", message: "This model does not take images." };
    await expect(say("plain", request)).rejects.toMatchObject(sentence);
    await expect(collect(model(chats, "plain").stream(request))).rejects.toMatchObject(sentence);
    await expect(complete("plain", { images: [image] })).rejects.toMatchObject({ ...sentence, setting: "images" });
  });
});

describe("E2: what a prompt cannot hold", () => {
  it("tools are called", async () => {
    const tools = [{ name: "get_current_weather", parameters: {} }];
    const { content, finish } = await say("thinkcall", { ...hi, tools });
    expect(content).toMatchObject([{ type: "reasoning" }, { type: "tool-call", name: "get_current_weather" }]);
    expect(finish.reason).toBe("tool-calls");
  });

  it("a history is part of the prompt", async () => {
    const earlier = { role: "assistant", content: [{ type: "text", text: "hello ".repeat(20) }] } as const;
    const short = await say("plain", hi);
    const long = await say("plain", { messages: [...hi.messages, earlier, ...hi.messages] });
    expect(long.finish.usage.inputTokens).toBeGreaterThan((short.finish.usage.inputTokens ?? Number.NaN) + 100);
  });
});

describe("I6: nothing is cut without a word", () => {
  const long = "hello ".repeat(400);

  it("a prompt, a chat, on either endpoint", async () => {
    const code = "context_length_exceeded";
    const messages: ChatRequest["messages"] = [{ role: "user", content: [{ type: "text", text: long }] }];
    await expect(complete("tiny", { prompt: long })).rejects.toMatchObject({ code, setting: "prompt" });
    await expect(say("tiny", { messages })).rejects.toMatchObject({ code, setting: "messages" });
    await expect(collect(model(chats, "tiny").stream({ messages }))).rejects.toMatchObject({
      code,
      setting: "messages",
    });
  });

  it("but for callers who want it", async () => {
    expect(textOf((await complete("tiny", { prompt: long, extra: { truncate: true } })).content)).toBe(LLAMA);
  });
});

describe("models", () => {
  it("are described by their host, and learnt from its refusals", async () => {
    expect(await provider.describe?.("llamaduct/coder")).toMatchObject({
      contextLength: 8192,
      capabilities: { suffix: "native", tools: "none", reasoning: "none", embeddings: "none" },
    });
    expect(await provider.describe?.("llamaduct/no-such-model")).toBeUndefined();
    const listed = (await provider.listModels?.())?.find(({ id }) => id === "llamaduct/thinker:latest");
    expect(listed).toMatchObject({ contextLength: 8192, capabilities: { reasoning: "native" } });
  });

  it("are loaded as they are asked to be, and unloaded", async () => {
    for (const name of ["llamaduct/long", "llamaduct/embedder"]) {
      await host.load(name, { keepAlive: "9m", numCtx: 512 });
      expect(await loaded(name)).toMatchObject({ context_length: 512 });
      await host.unload(name);
      await expect.poll(() => loaded(name)).toBeUndefined();
    }
    await expect(host.load("llamaduct/no-such-model")).rejects.toMatchObject({ code: "model_not_found" });
  });

  it("that cannot be pulled fail after their progress", async () => {
    const seen: string[] = [];
    const pulling = (async () => {
      for await (const batch of host.pull("llamaduct/no-such-model")) seen.push(...batch.map(({ status }) => status));
    })();
    await expect(pulling).rejects.toMatchObject({ code: expect.stringMatching(/upstream_error|model_not_found/) });
    expect(seen).toEqual(["pulling manifest"]);
  });
});

async function loaded(name: string) {
  return (await host.ps()).find((running) => running.name === `${name}:latest`);
}

function model(from: typeof provider, name: string): ChatModel {
  const found = from.chatModel?.(`llamaduct/${name}`);
  if (found === undefined) throw new Error("The provider has no chat models.");
  return found;
}

function say(name: string, request: ChatRequest): Promise<Completion> {
  return collect(model(provider, name).stream(request));
}

function complete(name: string, request?: Partial<TextRequest>): Promise<Completion> {
  const found: TextModel | undefined = provider.textModel?.(`llamaduct/${name}`);
  if (found === undefined) throw new Error("The provider has no text models.");
  return collect(found.stream({ prompt: "hi", ...request }));
}

function textOf(content: Completion["content"]): string {
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
