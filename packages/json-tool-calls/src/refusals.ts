import type { ChatModel, Support } from "@llamaduct/core";

/** Which models have said that they take no tools. */
export interface Refusals {
  add(model: ChatModel): void;
  /** What to go by: a refusal counts where nothing better is known. */
  amend(support: Support, model: ChatModel): Support;
}

const MAX_MODELS = 1_000;
/** A model of the same name may be another one by then. */
const KEEP_MS = 5 * 60_000;

export function createRefusals(): Refusals {
  /** By model, until when each counts. The oldest is the first. */
  const refused = new Map<string, number>();
  const keyOf = ({ provider, modelId }: ChatModel) => `${provider}/${modelId}`;
  return {
    add(model) {
      const key = keyOf(model);
      refused.delete(key);
      refused.set(key, performance.now() + KEEP_MS);
      const [oldest] = refused.keys();
      if (refused.size > MAX_MODELS && oldest !== undefined) refused.delete(oldest);
    },
    amend: (support, model) =>
      support === "unknown" && (refused.get(keyOf(model)) ?? 0) > performance.now() ? "none" : support,
  };
}
