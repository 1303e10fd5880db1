import {
  defineProvider,
  type Provider,
  ProviderError,
  type ProviderFactory,
  type ProviderSettings,
  SPEC_VERSION,
} from "@llamaduct/core";
import type { OllamaHost, OllamaHostOptions } from "./ollama-host.ts";
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

type FactorySettings = Omit<ProviderSettings, "options"> & Pick<OllamaHostOptions, "maxLineBytes">;

/** What registries and `config.yaml` hold of an adapter. Beside `baseURL`, `apiKey` and `headers` it has the option `maxLineBytes`. */
export function ollamaFactory(
  id: string,
  create: (settings: FactorySettings, sibling: (id: string) => Provider | undefined) => Provider,
): ProviderFactory {
  return {
    specVersion: SPEC_VERSION,
    id,
    create({ options = {}, ...settings }, sibling) {
      const { maxLineBytes, ...others } = options;
      const [unknown] = Object.keys(others);
      if (maxLineBytes !== undefined && !(typeof maxLineBytes === "number" && maxLineBytes > 0)) {
        const message = "maxLineBytes must be a number above 0 (provider.options).";
        throw new ProviderError({ code: "invalid_value", message, setting: "options.maxLineBytes" });
      }
      if (unknown === undefined) return create({ ...settings, maxLineBytes }, sibling);
      const message = `The provider ${id} has no option "${unknown}" (provider.options).`;
      throw new ProviderError({ code: "invalid_value", message, setting: `options.${unknown}` });
    },
  };
}
