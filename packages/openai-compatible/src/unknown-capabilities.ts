import type { Capabilities } from "@llamaduct/core";

/** The API does not tell. */
export const UNKNOWN_CAPABILITIES: Capabilities = {
  tools: "unknown",
  jsonSchema: "unknown",
  reasoning: "unknown",
  images: "unknown",
  suffix: "unknown",
  embeddings: "unknown",
};
