import type { Capabilities } from "@llamaduct/core";

/** Of a model that nobody has asked about. */
export const UNKNOWN_CAPABILITIES: Capabilities = {
  tools: "unknown",
  jsonSchema: "unknown",
  reasoning: "unknown",
  images: "unknown",
  suffix: "unknown",
  embeddings: "unknown",
};
