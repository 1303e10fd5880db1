import {
  type CallOptions,
  type EmbeddingModel,
  type EmbeddingRequest,
  type Embeddings,
  type ModelFacts,
  ProviderError,
} from "@llamaduct/core";
import type { EmbedBody, EmbedReply } from "./embed-wire.ts";
import { extrasPlacer } from "./extras-placer.ts";
import type { OllamaHost } from "./ollama-host.ts";
import { NO_EMBEDDINGS } from "./refused-capability.ts";
import { toRequestFields } from "./to-request-fields.ts";

/** One element that fails takes its whole request along, and a reply is held in memory as text. */
const MAX_INPUTS = 256;

export interface EmbeddingModelOptions {
  readonly host: OllamaHost;
  readonly provider: string;
  readonly modelId: string;
  readonly facts?: ModelFacts | undefined;
}

/**
 * Embeddings of one Ollama model, through `POST /api/embed`. Inputs go in requests of at most 256, one after the other:
 * servers give embedding models one slot. What is too long is `context_length_exceeded`, not cut, unless `truncate` says so.
 */
export function createEmbeddingModel({ host, provider, modelId, facts }: EmbeddingModelOptions): EmbeddingModel {
  async function embed(request: EmbeddingRequest, call?: CallOptions): Promise<Embeddings> {
    const { input, dimensions, extra } = request;
    if (input.length === 0) throw invalid("input", "An embedding needs at least one input.");
    const { fields, warnings } = toRequestFields({}, { extras: extra && (await extrasPlacer())(extra, "embed") });
    // Before 0.30 servers embed with any model: numbers that mean nothing.
    if ((await host.capabilities.ask(modelId, "embeddings", { facts, call })) === "none")
      throw new ProviderError({ code: "unsupported", message: NO_EMBEDDINGS, setting: "model" });

    const vectors: Float32Array[] = [];
    const counts: (number | undefined)[] = [];
    for (let index = 0; index < input.length; index += MAX_INPUTS) {
      const part = input.slice(index, index + MAX_INPUTS);
      const body: EmbedBody = {
        model: modelId,
        input: part,
        ...(dimensions !== undefined && { dimensions }),
        ...fields,
      };
      const reply = await host.embed(body, call);
      vectors.push(...toVectors(reply, part.length, dimensions));
      counts.push(reply.prompt_eval_count);
    }
    return { vectors, usage: { inputTokens: total(counts), outputTokens: 0 }, warnings };
  }

  return { provider, modelId, embed };
}

function toVectors({ embeddings }: EmbedReply, count: number, dimensions: number | undefined): Float32Array[] {
  if (embeddings.length !== count) throw protocolError(`${embeddings.length} vectors for ${count} inputs`);
  return embeddings.map((numbers) => {
    const vector = Float32Array.from(numbers);
    if (!numbers.every((number) => typeof number === "number"))
      throw protocolError("a vector that is not one of numbers");
    // Servers shorten, and ignore what would be longer than the model's own vectors.
    if (dimensions !== undefined && vector.length !== dimensions)
      throw invalid("dimensions", `This model's vectors have ${vector.length} dimensions, not ${dimensions}.`);
    return vector;
  });
}

/** `undefined` as soon as one is: a part of the tokens is not their number. */
function total(counts: readonly (number | undefined)[]): number | undefined {
  return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}

function invalid(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}

function protocolError(what: string): ProviderError {
  return new ProviderError({
    code: "upstream_protocol_error",
    message: `The server sent ${what}.`,
    upstreamStatus: 200,
  });
}
