import type { CallEnd, CallObserver, CallOptions, CallStart, Embeddings } from "@llamaduct/core";
import { decodeEmbeddingRequest, type EmbeddingList, toEmbeddingList } from "@llamaduct/openai-dialect";
import { type AnswerFacts, type Engine, toAnswerFacts } from "./create-engine.ts";
import { within } from "./within.ts";

export interface EmbeddingAnswer extends AnswerFacts {
  readonly body: EmbeddingList;
}

/** Vectors for a text or a list of them. An embedding has no first part, so its limit is the whole answer's. */
export async function embed(engine: Engine, body: unknown, call: CallOptions): Promise<EmbeddingAnswer> {
  return engine.ask(body, call, async (asked) => {
    const decoded = decodeEmbeddingRequest(asked.request);
    const model = engine.embeddingModel(asked);
    const { totalMs, firstPartMs = 300_000 } = engine.limits(asked.target);
    const at = { provider: model.provider, modelId: model.modelId };
    const embeddings = await observed({ ...at, observer: engine.observer, signal: call.signal }, () =>
      within(totalMs ?? firstPartMs, call, (options) => model.embed(decoded.request, options)),
    );
    const facts = toAnswerFacts(asked, decoded.warnings, embeddings.warnings);
    return { ...facts, body: toEmbeddingList(embeddings, decoded) };
  });
}

interface ObservedCall extends CallStart {
  readonly observer: CallObserver | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Reports the call as core's `observe` reports a stream. */
async function observed(
  { observer, provider, modelId, signal }: ObservedCall,
  run: () => Promise<Embeddings>,
): Promise<Embeddings> {
  const at = { provider, modelId };
  const startedAt = performance.now();
  const end = (end: Pick<CallEnd, "outcome" | "error" | "warnings">) => {
    const totalMs = performance.now() - startedAt;
    quietly(() => observer?.onEnd?.({ ...at, ...end, totalMs, finish: undefined, firstPartMs: undefined }));
  };
  quietly(() => observer?.onStart?.(at));
  try {
    const embeddings = await run();
    end({ outcome: "finished", error: undefined, warnings: embeddings.warnings });
    return embeddings;
  } catch (error) {
    end({ outcome: signal?.aborted && error === signal.reason ? "aborted" : "failed", error, warnings: [] });
    throw error;
  }
}

function quietly(report: () => void): void {
  try {
    report();
  } catch {
    // An observer's fault is its own.
  }
}
