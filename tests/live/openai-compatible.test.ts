import { describe, expect, inject, it } from "vitest";
import { type ChatRequest, type Completion, collect, ProviderError } from "../../packages/core/src/index.ts";
import { createLlamaduct } from "../../packages/llamaduct/src/index.ts";
import { createOpenAICompatible } from "../../packages/openai-compatible/src/index.ts";
import { scriptedModels } from "../../tooling/live/models.ts";

const baseURL = `${inject("ollamaURL")}/v1`;
const provider = createOpenAICompatible({ baseURL });
const sentence = "The quick brown llama jumps over the lazy alpaca.";

const hi: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
const weather = {
  name: "get_current_weather",
  description: "Get the current weather in a given location",
  parameters: {
    type: "object",
    properties: { location: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
    required: ["location"],
  },
};

const chat = (model: string) => present(provider.chatModel?.(`llamaduct/${model}`));
const text = (model: string) => present(provider.textModel?.(`llamaduct/${model}`));
const ask = (model: string, request: Partial<ChatRequest> = {}): Promise<Completion> =>
  collect(chat(model).stream({ ...hi, ...request }));

describe("openai-compatible on a real Ollama's /v1", () => {
  it.each([
    ["plain", sentence, 11],
    ["unicode", "日本語é 🦙", 8],
    ["custom", sentence, 11],
  ])("%s: the whole text, its end and its tokens", async (model, expected, outputTokens) => {
    const { content, finish } = await ask(model);
    expect(content).toEqual([{ type: "text", text: expected }]);
    expect(finish).toMatchObject({ reason: "stop", usage: { outputTokens, inputTokens: expect.any(Number) } });
  });

  it("reasoning apart from the text", async () => {
    const { content } = await ask("thinker", { reasoning: "high" });
    expect(content.map(({ type }) => type)).toEqual(["reasoning", "text"]);
  });

  it("a tool call with its arguments", async () => {
    const { content, finish } = await ask("tools", { tools: [weather] });
    const call = content.find((part) => part.type === "tool-call");
    expect(call).toMatchObject({ name: "get_current_weather" });
    expect(JSON.parse(call?.arguments ?? "")).toEqual({ location: "Boston, MA", unit: "celsius" });
    expect(finish.reason).toBe("tool-calls");
  });

  it("and its result back", async () => {
    const { content } = await ask("tools", { tools: [weather] });
    const calls = content.filter((part) => part.type === "tool-call");
    const { content: answer } = await ask("tools", {
      tools: [weather],
      messages: [
        ...hi.messages,
        { role: "assistant", content: calls },
        { role: "tool", callId: calls[0]?.id ?? "", name: "get_current_weather", content: "Rain" },
      ],
    });
    expect(answer).toEqual([{ type: "text", text: sentence }]);
  });

  it("settings that the server heeds: a length is kept", async () => {
    const { finish } = await ask("plain", { settings: { maxOutputTokens: 3, temperature: 0, seed: 1 } });
    expect(finish).toMatchObject({ reason: "length", usage: { outputTokens: 3 } });
  });

  it("JSON under a schema", async () => {
    const schema = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] };
    const { content } = await ask("plain", { responseFormat: { type: "json", schema, strict: true } });
    const [part] = content;
    expect(JSON.parse(part?.type === "text" ? part.text : "")).toEqual({ ok: expect.any(Boolean) });
  });

  it("fill-in-the-middle", async () => {
    const { content } = await collect(text("coder").stream({ prompt: "def add(a, b):\n    ", suffix: "\n" }));
    expect(content).toEqual([{ type: "text", text: expect.stringContaining("return a + b") }]);
  });

  it("vectors, one for each input", async () => {
    const embedder = present(provider.embeddingModel?.("llamaduct/embedder"));
    const { vectors, usage } = await embedder.embed({ input: ["one", "two"] });
    expect(vectors).toHaveLength(2);
    expect(vectors[0]?.length).toBe(vectors[1]?.length);
    expect(vectors[0]?.every(Number.isFinite)).toBe(true);
    expect(usage.inputTokens).toBeGreaterThan(0);
  });

  it("every model that the server has", async () => {
    const ids = (await provider.listModels?.())?.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(scriptedModels.map(({ name }) => `${name}:latest`)));
  });

  it.each([
    ["a model that is not there", "missing", {}, { code: "model_not_found", upstreamStatus: 404 }],
    [
      "tools of a model that has none",
      "plain",
      { tools: [weather] },
      { code: expect.stringMatching(/unsupported|invalid_value/) },
    ],
  ])("refuses %s", async (_, model, request, error) => {
    const failure: unknown = await ask(model, request).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(ProviderError);
    expect(failure).toMatchObject({ ...error, provider: "openai" });
  });

  it("as `openai/…` of the library, by its `api_base`", async () => {
    const { completion } = createLlamaduct({ allowApiBase: true });
    const request = { model: "openai/llamaduct/plain", messages: [{ role: "user", content: "hi" }] } as const;
    const { choices } = await completion({ ...request, api_base: baseURL, api_key: "none" });
    expect(choices[0]).toMatchObject({ message: { content: sentence }, finish_reason: "stop" });
  });

  it("M2: an abort in the middle is the caller's own reason, at once", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const read = async () => {
      for await (const _ of chat("looper").stream(hi, { signal: controller.signal })) controller.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
  });
});

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("The provider has no such models.");
  return value;
}
