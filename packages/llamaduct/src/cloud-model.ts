import { ProviderError } from "@llamaduct/core";
import type { Target } from "./deployment.ts";

/**
 * Whether an Ollama server hands such a model's prompts on to ollama.com: `name:cloud`, `name:tag:cloud`, `name:tag-cloud`,
 * in any case. Without a colon `-cloud` is a part of any name.
 */
export function isCloudModel({ providerId, modelId }: Omit<Target, "deployment">): boolean {
  return /^ollama(?:_chat)?$/.test(providerId) && /:(?:cloud|[^:/]*-cloud)$/i.test(modelId.trim());
}

/** The 400 for one that only a request names. */
export function cloudRefused({ modelId }: Omit<Target, "deployment">): ProviderError {
  const message =
    `"${modelId.slice(0, 100)}" runs in Ollama's cloud, so its prompts would leave the host. ` +
    "The operator has not allowed that: llamaduct.cloud_models, or an entry for the model.";
  return new ProviderError({ code: "unsupported", message, setting: "model" });
}
