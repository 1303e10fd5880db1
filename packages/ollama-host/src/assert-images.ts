import { type CallOptions, type ModelFacts, ProviderError } from "@llamaduct/core";
import type { OllamaHost } from "./ollama-host.ts";
import { NO_IMAGES } from "./refused-capability.ts";

export interface ImagesQuestion {
  readonly modelId: string;
  readonly facts: ModelFacts | undefined;
  readonly call: CallOptions | undefined;
  /** What the caller's request calls its images. */
  readonly setting: string;
}

/**
 * Throws `unsupported` for a model that takes no images, asking the host where nothing is known: servers before 0.30
 * drop them without a word, and answer.
 */
export async function assertImages(host: OllamaHost, { modelId, facts, call, setting }: ImagesQuestion): Promise<void> {
  if ((await host.capabilities.ask(modelId, "images", { facts, call })) === "none")
    throw new ProviderError({ code: "unsupported", message: NO_IMAGES, setting });
}
