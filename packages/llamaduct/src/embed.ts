import { type CallObserver, type CallOptions, type CallStart, ProviderError } from "@llamaduct/core";
import { decodeEmbeddingRequest, type EmbeddingList, toEmbeddingList } from "@llamaduct/openai-dialect";
import { type AnswerFacts, type Engine, toAnswerFacts } from "./create-engine.ts";
import { within } from "./within.ts";

export interface EmbeddingAnswer extends AnswerFacts {
  readonly body: EmbeddingList;
}

/** Vectors for a text or a list of them. An embedding has no first part, so its limit is the whole answer's. */
export async function embed(engine: Engine, body: unknown, call: CallOptions): Promise<EmbeddingAnswer> {
  return engine.ask(body, call, async (asked) => {
    const { provider, target } = asked;
    const decoded = decodeEmbeddingRequest(asked.request);
    const model = provider.embeddingModel?.(target.modelId, target.deployment.facts);
    if (model === undefined) {
      const message = `${target.providerId} has no embeddings.`;
      throw new ProviderError({ code: "unsupported", message, setting: "model" });
    }
    const { totalMs, firstPartMs = 300_000 } = engine.limits(target);
    const embeddings = await observed(engine.observer, model, () =>
      within(totalMs ?? firstPartMs, call, (options) => model.embed(decoded.request, options)),
    );
    const facts = toAnswerFacts(asked, decoded.warnings, embeddings.warnings);
    return { ...facts, body: toEmbeddingList(embeddings, decoded) };
  });
}

/** Reports the call as core's `observe` reports a stream. */
async function observed<Result>(
  observer: CallObserver | undefined,
  { provider, modelId }: CallStart,
  run: () => Promise<Result>,
): Promise<Result> {
  const at = { provider, modelId };
  const startedAt = performance.now();
  const end = (outcome: "finished" | "failed", error?: unknown) => {
    const totalMs = performance.now() - startedAt;
    observer?.onEnd?.({ ...at, outcome, error, totalMs, finish: undefined, firstPartMs: undefined, warnings: [] });
  };
  observer?.onStart?.(at);
  try {
    const result = await run();
    end("finished");
    return result;
  } catch (error) {
    end("failed", error);
    throw error;
  }
}
