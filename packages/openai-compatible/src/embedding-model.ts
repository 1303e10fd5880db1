import {
  type CallOptions,
  type EmbeddingModel,
  type EmbeddingRequest,
  type Embeddings,
  ProviderError,
  type Warning,
} from "@llamaduct/core";
import { toRequestFields } from "./to-request-fields.ts";
import type { Upstream } from "./upstream.ts";
import { type EmbeddingReply, parseEmbeddings } from "./wire.ts";

/** OpenAI's limit for one request. */
const MAX_INPUTS = 2048;

export interface EmbeddingModelOptions {
  readonly provider: string;
  readonly modelId: string;
  readonly upstream: Upstream;
}

/** Embeddings through `POST /embeddings`, in requests of at most 2048 inputs, one after the other. */
export function createEmbeddingModel({ provider, modelId, upstream }: EmbeddingModelOptions): EmbeddingModel {
  async function embed({ input, dimensions, extra }: EmbeddingRequest, call?: CallOptions): Promise<Embeddings> {
    if (input.length === 0) {
      const message = "An embedding needs at least one input.";
      throw new ProviderError({ code: "invalid_value", message, setting: "input" });
    }
    const vectors: Float32Array[] = [];
    const counts: (number | undefined)[] = [];
    let warnings: readonly Warning[] = [];
    for (let index = 0; index < input.length; index += MAX_INPUTS) {
      const part = input.slice(index, index + MAX_INPUTS);
      const converted = toRequestFields({ extra }, { own: { model: modelId, input: part, dimensions } });
      warnings = converted.warnings;
      const reply = await upstream.ask({ path: "/embeddings", body: converted.body, call }, parseEmbeddings);
      vectors.push(...toVectors(reply, part.length));
      counts.push(reply.usage?.prompt_tokens ?? undefined);
    }
    return { vectors, usage: { inputTokens: total(counts), outputTokens: 0 }, warnings };
  }

  return { provider, modelId, embed };
}

/** In the order of the inputs, which `index` tells; servers without it keep the order. */
function toVectors({ data }: EmbeddingReply, count: number): readonly Float32Array[] {
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const [place, { index, embedding }] of data.entries()) vectors[index ?? place] = Float32Array.from(embedding);
  if (data.length === count && vectors.length === count && vectors.every((vector) => vector !== undefined))
    return vectors;
  throw new ProviderError({
    code: "upstream_protocol_error",
    message: `The server sent ${data.length} vectors for ${count} inputs, or numbered them wrongly.`,
    upstreamStatus: 200,
  });
}

/** `undefined` as soon as one is: a part of the tokens is not their number. */
function total(counts: readonly (number | undefined)[]): number | undefined {
  return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}
