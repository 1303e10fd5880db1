import { describe, expect, inject, it } from "vitest";
import type { EmbeddingRequest, Embeddings } from "../../packages/core/src/index.ts";
import { createOllamaChat } from "../../packages/ollama-chat/src/index.ts";
import { createOllamaGenerate } from "../../packages/ollama-generate/src/index.ts";

const baseURL = inject("ollamaURL");

describe.each([
  ["ollama", createOllamaGenerate({ baseURL })],
  ["ollama_chat", createOllamaChat({ baseURL })],
])("embeddings of %s", (_, provider) => {
  async function embed(request: EmbeddingRequest, name = "embedder"): Promise<Embeddings> {
    const model = provider.embeddingModel?.(`llamaduct/${name}`);
    if (model === undefined) throw new Error("The provider has no embedding models.");
    return model.embed(request);
  }

  it("have the model's length, and count its tokens", async () => {
    const { vectors, usage, warnings } = await embed({ input: ["hello"] });
    expect(vectors.map(({ length }) => length)).toEqual([512]);
    expect(usage).toEqual({ inputTokens: 6, outputTokens: 0 });
    expect(warnings).toEqual([]);
    expect(Math.hypot(...(vectors[0] ?? []))).toBeCloseTo(1, 5);
  });

  it("J3: keep the order of many inputs, over the limit of one request", async () => {
    const texts = Array.from({ length: 260 }, (_, index) => "ab".charAt(index % 2).repeat(1 + (index % 7)));
    const { vectors, usage } = await embed({ input: texts });
    const [single] = (await embed({ input: [texts[258] ?? ""] })).vectors;
    expect(vectors.length).toBe(260);
    for (const [index, number] of (vectors[258] ?? []).entries()) expect(number).toBeCloseTo(single?.[index] ?? 0, 5);
    expect(usage.inputTokens).toBe(texts.reduce((sum, text) => sum + text.length + 1, 0));
  });

  it("J2: are as short as asked, and no longer than the model's", async () => {
    expect((await embed({ input: ["a"], dimensions: 8 })).vectors[0]?.length).toBe(8);
    await expect(embed({ input: ["a"], dimensions: 1024 })).rejects.toMatchObject({
      code: "invalid_value",
      setting: "dimensions",
    });
  });

  it("of an empty text exist; of nothing they do not", async () => {
    expect((await embed({ input: ["a", ""] })).vectors.length).toBe(2);
    await expect(embed({ input: [] })).rejects.toMatchObject({ code: "invalid_value", setting: "input" });
  });

  it("I6: cut nothing without a word", async () => {
    const long = "hello ".repeat(200);
    const extra = { num_ctx: 256 };
    await expect(embed({ input: ["a", long], extra })).rejects.toMatchObject({
      code: "context_length_exceeded",
      setting: "input",
    });
    expect((await embed({ input: [long], extra: { ...extra, truncate: true } })).vectors.length).toBe(1);
  });

  it("of a model that chats are refused on every version", async () => {
    await expect(embed({ input: ["a"] }, "plain")).rejects.toMatchObject({
      code: "unsupported",
      setting: "model",
      message: "This model does not make embeddings.",
    });
  });

  it("J4: of an unknown model are not found", async () => {
    await expect(embed({ input: ["a"] }, "no-such-model")).rejects.toMatchObject({ code: "model_not_found" });
  });
});
