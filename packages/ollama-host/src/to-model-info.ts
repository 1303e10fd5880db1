import type { Capabilities, JsonObject, ModelInfo, Support } from "@llamaduct/core";
import type { ModelDetails, ShownModel, TaggedModel } from "./model-wire.ts";
import { UNKNOWN_CAPABILITIES } from "./unknown-capabilities.ts";

/** A listing's entry. What it does not list stays unknown: the listing's scan is shallower than `/api/show`'s. */
export function toListedModel(model: TaggedModel): ModelInfo {
  const { details, name, size, digest, modified_at, remote_host } = model;
  return {
    id: name,
    capabilities: toCapabilities(model, "unknown"),
    contextLength: details?.context_length,
    metadata: metadata({ size, digest, modified_at, remote_host }, details),
  };
}

/** What the host itself says of one model: authoritative, so what it does not list is not there. */
export function toShownModel(id: string, model: ShownModel): ModelInfo {
  const trained = Object.entries(model.model_info ?? {}).find(([key]) => /^[^.]+\.context_length$/.test(key))?.[1];
  return {
    id,
    capabilities: toCapabilities(model, "none"),
    contextLength: typeof trained === "number" ? trained : model.details?.context_length,
    metadata: metadata({ modified_at: model.modified_at, remote_host: model.remote_host }, model.details),
  };
}

function toCapabilities(model: TaggedModel | ShownModel, absent: Support): Capabilities {
  const listed = model.capabilities;
  if (listed === undefined || listed === null) return UNKNOWN_CAPABILITIES;
  const support = (name: string): Support => (listed.includes(name) ? "native" : absent);
  // Only the local engines hold a grammar: the cloud refuses one, and MLX (safetensors) ignores it without a word.
  const hasGrammar = model.remote_host === undefined && model.details?.format !== "safetensors";
  return {
    tools: support("tools"),
    jsonSchema: listed.includes("completion") ? (hasGrammar ? "native" : "unknown") : absent,
    reasoning: support("thinking"),
    images: support("vision"),
    suffix: support("insert"),
    embeddings: support("embedding"),
  };
}

function metadata(
  facts: Readonly<Record<string, string | number | undefined>>,
  details: ModelDetails | null | undefined,
): JsonObject {
  const { format, family, parameter_size, quantization_level } = details ?? {};
  const entries = Object.entries({ ...facts, format, family, parameter_size, quantization_level });
  return Object.fromEntries(
    entries.flatMap(([name, fact]) => (fact === undefined || fact === "" ? [] : [[name, fact]])),
  );
}
