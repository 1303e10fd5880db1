import type { CallOptions, ModelInfo } from "@llamaduct/core";
import { UNKNOWN_CAPABILITIES } from "./unknown-capabilities.ts";
import type { Upstream } from "./upstream.ts";
import { type ListedModel, parseModels } from "./wire.ts";

/** `GET /models`, with the windows that some servers tell. */
export async function listModels(upstream: Upstream, call: CallOptions | undefined): Promise<readonly ModelInfo[]> {
  return (await upstream.ask({ path: "/models", call }, parseModels)).data.map(toModelInfo);
}

function toModelInfo(model: ListedModel): ModelInfo {
  return {
    id: model.id,
    capabilities: UNKNOWN_CAPABILITIES,
    contextLength:
      model.max_model_len ?? model.context_length ?? model.meta?.n_ctx ?? model.meta?.n_ctx_train ?? undefined,
    metadata: model.owned_by ? { owned_by: model.owned_by } : {},
  };
}
