import type { CallEnd, CallObserver, CallStart, Embeddings } from "@llamaduct/core";
import type { EmbeddingList } from "@llamaduct/openai-dialect";
import { type AnswerFacts, type Engine, toAnswerFacts } from "./create-engine.ts";
import { dialect } from "./dialect.ts";
import type { LlamaductCall } from "./llamaduct-call.ts";
import { within } from "./within.ts";

export interface EmbeddingAnswer extends AnswerFacts {
  readonly body: EmbeddingList;
}

/** Vectors for a text or a list of them. An embedding has no first part, so its limit is the whole answer's. */
export async function embed(engine: Engine, body: unknown, call: LlamaductCall): Promise<EmbeddingAnswer> {
  const { decodeEmbeddingRequest, toEmbeddingList } = await dialect();
  return engine.ask(body, call, async (asked) => {
    const decoded = decodeEmbeddingRequest(asked.request);
    const model = engine.embeddingModel(asked);
    const { totalMs, firstPartMs = 300_000 } = engine.limits(asked);
    const at = { provider: model.provider, modelId: model.modelId };
    const embed = () => within(totalMs ?? firstPartMs, asked.call, (options) => model.embed(decoded.request, options));
    const observers = [engine.observer, call.observer];
    const embeddings = await observed({ ...at, observers, signal: call.signal }, () => asked.hold(call.signal, embed));
    const facts = toAnswerFacts(asked, decoded.warnings, embeddings.warnings);
    return { ...facts, body: toEmbeddingList(embeddings, decoded) };
  });
}

interface ObservedCall extends CallStart {
  readonly observers: readonly (CallObserver | undefined)[];
  readonly signal: AbortSignal | undefined;
}

/** Reports the call as core's `observe` reports a stream. */
async function observed(
  { observers, provider, modelId, signal }: ObservedCall,
  run: () => Promise<Embeddings>,
): Promise<Embeddings> {
  const at = { provider, modelId };
  const startedAt = performance.now();
  const end = (end: Pick<CallEnd, "outcome" | "error" | "warnings">) => {
    const totalMs = performance.now() - startedAt;
    for (const observer of observers)
      quietly(() => observer?.onEnd?.({ ...at, ...end, totalMs, finish: undefined, firstPartMs: undefined }));
  };
  for (const observer of observers) quietly(() => observer?.onStart?.(at));
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
