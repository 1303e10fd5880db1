import type { Embeddings } from "@llamaduct/core";
import { describe, expect, it, vi } from "vitest";
import { seededRandom } from "../test/seeded-random.ts";
import { serve } from "../test/serve.ts";
import { decodeEmbeddingRequest } from "./decode-embedding-request.ts";
import { toEmbeddingList } from "./to-embedding-list.ts";

function embeddings(...vectors: readonly Float32Array[]): Embeddings {
  return { vectors, usage: { inputTokens: 5, outputTokens: undefined }, warnings: [] };
}

describe("toEmbeddingList", () => {
  it("gives vectors OpenAI's shape, order kept", () => {
    const answer = toEmbeddingList(embeddings(Float32Array.of(0.5, -1), Float32Array.of(2, 0)), {
      model: "m",
      encodingFormat: "float",
    });
    expect(answer).toStrictEqual({
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [0.5, -1] },
        { object: "embedding", index: 1, embedding: [2, 0] },
      ],
      model: "m",
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
  });

  it.each([Buffer, undefined])("J1: base64 is of little-endian 32-bit floats, in any runtime (%#)", (buffer) => {
    vi.stubGlobal("Buffer", buffer);
    const options = { model: "m", encodingFormat: "base64" } as const;
    const { data } = toEmbeddingList(embeddings(Float32Array.of(1, -2), new Float32Array(0)), options);
    vi.unstubAllGlobals();
    expect(data.map(({ embedding }) => embedding)).toEqual(["AACAPwAAAMA=", ""]);
  });

  it("J1: an uncounted input counts as 0", () => {
    const uncounted = { vectors: [], usage: { inputTokens: undefined, outputTokens: undefined }, warnings: [] };
    const { usage } = toEmbeddingList(uncounted, { model: "m", encodingFormat: "float" });
    expect(usage).toEqual({ prompt_tokens: 0, total_tokens: 0 });
  });

  it("J1: OpenAI's own client reads the same numbers, base64 by its default or floats", async () => {
    const pick = seededRandom(5);
    const vectors = [768, 1, 4097].map((length) =>
      Float32Array.from({ length }, () => (pick(2 ** 24) - 2 ** 23) / 2 ** pick(40)),
    );
    const asked: unknown[] = [];
    await using at = await serve((body) => {
      const decoded = decodeEmbeddingRequest(body);
      asked.push(decoded.encodingFormat);
      return toEmbeddingList(embeddings(...vectors), decoded);
    });
    const request = { model: "m", input: ["a", "b", "c"] };
    for (const fields of [{}, { encoding_format: "float" as const }]) {
      const { data, usage } = await at.client.embeddings.create({ ...request, ...fields });
      expect(data.map(({ embedding }) => Array.from(embedding))).toEqual(vectors.map((vector) => Array.from(vector)));
      expect(usage).toEqual({ prompt_tokens: 5, total_tokens: 5 });
    }
    expect(asked).toEqual(["base64", "float"]);
  });
});
