import { describe, expect, inject, it } from "vitest";
import {
  type ChatModel,
  type ChatRequest,
  type Completion,
  collect,
  ProviderError,
  type ToolCallPart,
  type ToolDefinition,
} from "../../packages/core/src/index.ts";
import { createOllamaChat } from "../../packages/ollama-chat/src/index.ts";
import { scriptedModels } from "../../tooling/live/models.ts";

const baseURL = inject("ollamaURL");
const provider = createOllamaChat({ baseURL });

const hi: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
const weather: ToolDefinition = {
  name: "get_current_weather",
  description: "Get the current weather in a given location",
  parameters: {
    type: "object",
    properties: { location: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
    required: ["location"],
  },
};
const zoned = (name: string): ToolDefinition => ({
  name,
  parameters: { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] },
});

describe("text", () => {
  it.each([
    ["plain", "The quick brown llama jumps over the lazy alpaca.", 11],
    ["unicode", "日本語é 🦙", 8],
    ["leaky", "Sure: <think>hidden</think>shown", 5],
    ["coder", "The quick brown llama jumps over the lazy alpaca.", 11],
    ["jsonish", '{"answer": "yes", "score": 7}', 6],
    ["tools", "The quick brown llama jumps over the lazy alpaca.", 11],
    ["custom", "The quick brown llama jumps over the lazy alpaca.", 11],
    ["tiny", "The quick brown llama jumps over the lazy alpaca.", 11],
  ])("%s says its script and stops, every token counted", async (name, text, outputTokens) => {
    const { content, finish, warnings } = await ask(name);
    expect(content).toEqual([{ type: "text", text }]);
    expect(finish.reason).toBe("stop");
    expect(finish.usage.outputTokens).toBe(outputTokens);
    expect(warnings).toEqual([]);
  });

  it("a longer text arrives whole", async () => {
    const { content } = await ask("long");
    expect(content).toEqual([{ type: "text", text: Array.from({ length: 60 }, (_, index) => ` w${index}`).join("") }]);
  });

  it("an empty answer has no content and stops", async () => {
    const { content, finish } = await ask("empty");
    expect(content).toEqual([]);
    expect(finish.reason).toBe("stop");
  });

  it("usage and timings are the server's", async () => {
    const { finish } = await ask("plain");
    expect(finish.usage.inputTokens).toBeGreaterThan(0);
    expect(finish.usage.outputTokens).toBe(11);
    expect(finish.timings?.outputMs).toBeGreaterThan(0);
  });

  it("maxOutputTokens cuts it: length", async () => {
    const { content, finish } = await ask("plain", { settings: { maxOutputTokens: 3 } });
    expect(content).toEqual([{ type: "text", text: "The quick brown" }]);
    expect(finish.reason).toBe("length");
    expect(finish.usage.outputTokens).toBe(3);
  });

  it("a stop sequence ends it: stop", async () => {
    const { content, finish } = await ask("plain", { settings: { stop: [" jumps"] } });
    expect(content).toEqual([{ type: "text", text: "The quick brown llama" }]);
    expect(finish.reason).toBe("stop");
  });
});

describe("JSON", () => {
  const schema = {
    type: "object",
    properties: { answer: { type: "string" }, score: { type: "integer" } },
    required: ["answer", "score"],
  };

  it("a schema reaches the grammar: a model that says something else is forced into it", async () => {
    const { content } = await ask("plain", { responseFormat: { type: "json", schema } });
    expect(JSON.parse(textOf(content))).toEqual({ answer: expect.any(String), score: expect.any(Number) });
  });

  it("a model that keeps to the schema says its script", async () => {
    const { content } = await ask("jsonish", { responseFormat: { type: "json", schema } });
    expect(textOf(content)).toBe('{"answer": "yes", "score": 7}');
  });

  it("without a schema it is any JSON", async () => {
    const { content } = await ask("plain", { responseFormat: { type: "json" } });
    expect(JSON.parse(textOf(content))).toEqual(expect.any(Object));
  });
});

describe("thinking", () => {
  const thought = [
    { type: "reasoning", text: "The user greets me; I greet back." },
    { type: "text", text: "Hello there!" },
  ];
  const unthought = [{ type: "text", text: "The quick brown llama jumps over the lazy alpaca." }];

  it.each<[ChatRequest["reasoning"], unknown]>([
    [undefined, thought],
    [true, thought],
    ["high", thought],
    [false, unthought],
    ["none", unthought],
  ])("reasoning: %s", async (reasoning, content) => {
    expect((await ask("thinker", { reasoning })).content).toEqual(content);
  });

  it("thinking, then a tool call", async () => {
    const { content, finish } = await ask("thinkcall", { tools: [weather] });
    expect(content).toEqual([
      { type: "reasoning", text: "I need the weather tool. " },
      { type: "tool-call", id: expect.any(String), name: "get_current_weather", arguments: expect.any(String) },
    ]);
    expect(callsIn(content)).toEqual([{ name: "get_current_weather", arguments: { location: "Oslo" } }]);
    expect(finish.reason).toBe("tool-calls");
  });

  it("thinking of an earlier turn is part of the prompt", async () => {
    const history = (thinking: string): ChatRequest => ({
      messages: [
        ...hi.messages,
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: thinking },
            { type: "text", text: "Hello there!" },
          ],
        },
        ...hi.messages,
      ],
    });
    const short = await ask("thinker", history("Hm."));
    const long = await ask("thinker", history("The user greets me. ".repeat(20)));
    expect(long.finish.usage.inputTokens).toBeGreaterThan((short.finish.usage.inputTokens ?? Number.NaN) + 100);
  });
});

describe("tools", () => {
  it("one call", async () => {
    const { content, finish } = await ask("tools", { tools: [weather] });
    expect(callsIn(content)).toEqual([
      { name: "get_current_weather", arguments: { location: "Boston, MA", unit: "celsius" } },
    ]);
    expect(textOf(content)).toBe("");
    expect(finish.reason).toBe("tool-calls");
  });

  it("two calls, with an id each", async () => {
    const { content, finish } = await ask("multitools", { tools: [zoned("get_time"), zoned("get_day")] });
    expect(callsIn(content)).toEqual([
      { name: "get_time", arguments: { zone: "UTC" } },
      { name: "get_day", arguments: { zone: "PST" } },
    ]);
    expect(finish.reason).toBe("tool-calls");
  });

  it("a call after prose, with braces and quotes in its arguments", async () => {
    const { content, finish } = await ask("tagcall", { tools: [weather] });
    expect(textOf(content)).toBe("I will look it up.\n");
    expect(callsIn(content)).toEqual([
      { name: "get_current_weather", arguments: { location: "Rome", note: 'braces } { and "quotes"' } },
    ]);
    expect(finish.reason).toBe("tool-calls");
  });

  it("a call in a form that the server does not recognise stays text", async () => {
    const { content, finish } = await ask("prosecall", { tools: [weather] });
    expect(content).toEqual([
      {
        type: "text",
        text: 'Let me check that.\n{"name": "get_current_weather", "parameters": {"location": "Paris"}}',
      },
    ]);
    expect(finish.reason).toBe("stop");
  });

  it("a call that the engine parses by itself", async ({ skip }) => {
    skip(!(await capabilitiesOf("native")).includes("tools"), "this Ollama does not read a GGUF's own chat template");
    const { content, finish } = await ask("native", { tools: [weather] });
    expect(textOf(content)).toBe("Looking now. ");
    expect(callsIn(content)).toEqual([
      { name: "get_current_weather", arguments: { location: "Rome", unit: "celsius" } },
    ]);
    expect(finish.reason).toBe("tool-calls");
  });

  it("without tools in the request the model talks", async () => {
    expect(textOf((await ask("tools")).content)).toBe("The quick brown llama jumps over the lazy alpaca.");
  });

  it("a call and its result go back into the prompt", async () => {
    const history = (result: string): ChatRequest => ({
      tools: [weather],
      messages: [
        ...hi.messages,
        {
          role: "assistant",
          content: [{ type: "tool-call", id: "call_1", name: weather.name, arguments: '{"location":"Boston, MA"}' }],
        },
        { role: "tool", callId: "call_1", name: weather.name, content: result },
      ],
    });
    const short = await ask("tools", history("11 degrees"));
    const long = await ask("tools", history("11 degrees, ".repeat(20)));
    expect(short.content).toEqual([{ type: "text", text: "The quick brown llama jumps over the lazy alpaca." }]);
    expect(short.finish.reason).toBe("stop");
    expect(long.finish.usage.inputTokens).toBeGreaterThan((short.finish.usage.inputTokens ?? Number.NaN) + 100);
  });
});

describe("failures", () => {
  it("an unknown model", async () => {
    expect(await failure(ask("no-such-model"))).toMatchObject({
      code: "model_not_found",
      provider: "ollama_chat",
      modelId: "llamaduct/no-such-model",
    });
  });

  it("tools on a model that has none", async () => {
    const error = await failure(ask("plain", { tools: [weather] }));
    expect(error).toMatchObject({ code: "unsupported", setting: "tools" });
  });

  it("F3: thinking on a model that cannot is left out with a warning, or refused when that is strict", async () => {
    const { warnings } = await ask("plain", { reasoning: true });
    expect(warnings.map(({ setting }) => setting)).toEqual(["reasoning"]);
    const error = await failure(ask("plain", { reasoning: true, strictSettings: true }));
    expect(error).toMatchObject({ code: "unsupported", setting: "reasoning" });
  });

  it("a prompt that is too long, with truncation off", async () => {
    const messages: ChatRequest["messages"] = [
      { role: "user", content: [{ type: "text", text: "hello ".repeat(400) }] },
    ];
    const error = await failure(ask("tiny", { messages, extra: { truncate: false } }));
    expect(error).toMatchObject({ code: "context_length_exceeded" });
  });

  it("an answer that ends without its final event fails after its text", async () => {
    let text = "";
    const error = await failure(
      (async () => {
        for await (const batch of chat("stuck").stream(hi)) {
          for (const part of batch) if (part.type === "text-delta") text += part.text;
        }
      })(),
    );
    expect(error).toMatchObject({ code: "upstream_stream_interrupted" });
    expect(text).toMatch(/^(again){10,}$/);
  });

  it.each<[string, (abort: () => void) => void]>([
    ["between two reads", (abort) => abort()],
    ["during a read", (abort) => setImmediate(abort)],
  ])("an abort %s gives the caller's reason back and ends the server's work", async (_, soon) => {
    const controller = new AbortController();
    const reason = new Error("the reader left");
    const endless: ChatRequest = { ...hi, settings: { maxOutputTokens: 1_000_000 } };
    let text = "";
    const reading = (async () => {
      for await (const batch of chat("looper").stream(endless, { signal: controller.signal })) {
        for (const part of batch) if (part.type === "text-delta") text += part.text;
        if (text.length > 20) soon(() => controller.abort(reason));
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(text).toMatch(/^ping pong Ping Pong/);

    // A model stays loaded as long as a request holds it, which the endless one would for half a minute. Asking the
    // loaded model instead may wait for ever, whatever left it: docs/known-ollama-bugs.md, number 1.
    await expect.poll(stillLoaded, { timeout: 10_000 }).toEqual([]);
    const { content } = await ask("looper", { settings: { maxOutputTokens: 1 } });
    expect(content).toEqual([{ type: "text", text: "ping" }]);
  });
});

describe("models", () => {
  it("are listed under names that can be called", async () => {
    const listed = (await provider.listModels?.())?.map(({ id }) => id);
    expect(listed).toEqual(expect.arrayContaining(scriptedModels.map(({ name }) => `${name}:latest`)));
    expect(textOf((await ask("plain:latest")).content)).toBe("The quick brown llama jumps over the lazy alpaca.");
  });
});

function chat(name: string): ChatModel {
  const model = provider.chatModel?.(`llamaduct/${name}`);
  if (model === undefined) throw new Error("The provider has no chat models.");
  return model;
}

function ask(name: string, request?: Partial<ChatRequest>): Promise<Completion> {
  return collect(chat(name).stream({ ...hi, ...request }));
}

async function failure(work: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProviderError) return error;
  throw new Error("This should have failed with a ProviderError.", { cause: error });
}

function textOf(content: Completion["content"]): string {
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** The calls with their arguments parsed, once their ids have been seen to be there and to differ. */
function callsIn(content: Completion["content"]): readonly object[] {
  const calls = content.filter((part): part is ToolCallPart => part.type === "tool-call");
  const ids = new Set(calls.map(({ id }) => id));
  expect(ids.size).toBe(calls.length);
  expect(ids).not.toContain("");
  return calls.map(({ name, arguments: text }) => ({ name, arguments: JSON.parse(text) }));
}

async function capabilitiesOf(name: string): Promise<readonly string[]> {
  const body = JSON.stringify({ model: `llamaduct/${name}` });
  const response = await fetch(`${baseURL}/api/show`, { method: "POST", body });
  const shown: unknown = await response.json();
  if (typeof shown !== "object" || shown === null || !("capabilities" in shown)) return [];
  return Array.isArray(shown.capabilities) ? shown.capabilities : [];
}

/** Tells the server to unload the scripted models, and gives those that it has not unloaded yet. */
async function stillLoaded(): Promise<readonly string[]> {
  const response = await fetch(`${baseURL}/api/ps`);
  const { models = [] }: { models?: readonly { model: string }[] } = JSON.parse(await response.text());
  const loaded = models.map(({ model }) => model).filter((model) => model.startsWith("llamaduct/"));
  for (const model of loaded) {
    await fetch(`${baseURL}/api/generate`, { method: "POST", body: JSON.stringify({ model, keep_alive: 0 }) });
  }
  return loaded;
}
