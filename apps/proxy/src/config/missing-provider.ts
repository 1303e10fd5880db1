import {
  type Capabilities,
  type Provider,
  ProviderError,
  type ProviderFactory,
  type SettingName,
  SPEC_VERSION,
  type Stream,
  type StreamModel,
} from "@llamaduct/core";

/** The provider of models whose own one is not installed: `unavailable/openai/gpt-4o` says so whenever it is called. */
export const missingProvider: ProviderFactory = { specVersion: SPEC_VERSION, id: "unavailable", create };

/** Whatever is asked for, the answer is the same: nothing is to be warned of before. */
const SETTINGS: readonly SettingName[] = [
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "minP",
  "frequencyPenalty",
  "presencePenalty",
  "logitBias",
  "seed",
  "stop",
  "logprobs",
];
const CAPABILITIES: Capabilities = {
  tools: "native",
  jsonSchema: "native",
  reasoning: "native",
  images: "native",
  suffix: "native",
  embeddings: "native",
};

function create(): Provider {
  const { id: provider } = missingProvider;
  const model = <Request>(modelId: string): StreamModel<Request> => ({
    provider,
    modelId,
    capabilities: () => CAPABILITIES,
    stream: (): Stream => fail(modelId),
  });
  return {
    specVersion: SPEC_VERSION,
    id: provider,
    settings: SETTINGS,
    chatModel: (modelId) => model(modelId),
    textModel: (modelId) => model(modelId),
    embeddingModel: (modelId) => ({ provider, modelId, embed: async () => fail(modelId) }),
  };
}

function fail(modelId: string): never {
  const message = `The provider of "${modelId}" is not installed here, or has no key.`;
  throw new ProviderError({ code: "model_not_found", message, setting: "model" });
}
