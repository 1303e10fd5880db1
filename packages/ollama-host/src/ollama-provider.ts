import {
  defineProvider,
  type Provider,
  ProviderError,
  type ProviderFactory,
  type ProviderSettings,
  SPEC_VERSION,
} from "@llamaduct/core";
import type { OllamaHost } from "./ollama-host.ts";
import { OLLAMA_SETTINGS } from "./to-request-fields.ts";

export interface OllamaProviderParts extends Required<Pick<Provider, "id" | "chatModel" | "textModel">> {
  readonly host: OllamaHost;
}

/** A provider of one Ollama server: an adapter's own chats and completions, and what all adapters have alike. */
export function ollamaProvider({ id, host, chatModel, textModel }: OllamaProviderParts): Provider {
  return defineProvider({
    specVersion: SPEC_VERSION,
    id,
    settings: OLLAMA_SETTINGS,
    chatModel,
    textModel,
    embeddingModel: (modelId, facts) => ({
      provider: id,
      modelId,
      // Loaded by the first embedding: most applications chat.
      async embed(request, call) {
        const { createEmbeddingModel } = await import("./questions.ts");
        return createEmbeddingModel({ host, provider: id, modelId, facts }).embed(request, call);
      },
    }),
    listModels: (call) => host.capabilities.list(call),
    describe: (modelId, call) => host.capabilities.describe(modelId, call),
    async status(call) {
      const { hostStatus } = await import("./questions.ts");
      return hostStatus(host, call);
    },
  });
}

/** What registries and `config.yaml` hold of an adapter. It has no options beside `baseURL`, `apiKey` and `headers`. */
export function ollamaFactory(
  id: string,
  create: (settings: Omit<ProviderSettings, "options">, sibling: (id: string) => Provider | undefined) => Provider,
): ProviderFactory {
  return {
    specVersion: SPEC_VERSION,
    id,
    create({ options = {}, ...settings }, sibling) {
      const [unknown] = Object.keys(options);
      if (unknown === undefined) return create(settings, sibling);
      const message = `The provider ${id} has no option "${unknown}" (provider.options).`;
      throw new ProviderError({ code: "invalid_value", message, setting: `options.${unknown}` });
    },
  };
}
