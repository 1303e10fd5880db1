import type { ChatModel, Support } from "@llamaduct/core";

/** Which models have said that they take no tools. */
export interface Refusals {
  add(model: ChatModel): void;
  /** What to go by: a refusal counts where nothing better is known. */
  amend(support: Support, model: ChatModel): Support;
}

const MAX_MODELS = 1_000;

export function createRefusals(): Refusals {
  const refused = new Set<string>();
  return {
    add({ provider, modelId }) {
      const oldest = refused.values().next();
      if (refused.size >= MAX_MODELS && oldest.done !== true) refused.delete(oldest.value);
      refused.add(`${provider}/${modelId}`);
    },
    amend: (support, { provider, modelId }) =>
      support === "unknown" && refused.has(`${provider}/${modelId}`) ? "none" : support,
  };
}
