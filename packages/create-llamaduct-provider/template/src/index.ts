import {
  type Capabilities,
  type ChatModel,
  defineProvider,
  type ModelFacts,
  type Provider,
  ProviderError,
  type ProviderFactory,
  SPEC_VERSION,
} from "@llamaduct/core";
import type { Transport } from "@llamaduct/http";
import { readAnswer } from "./read-answer.ts";
import { SETTINGS, toBody } from "./to-body.ts";
import { createUpstream, type Upstream } from "./upstream.ts";

/** The prefix in `__name__/some-model`. */
const ID = "__name__";

/** What every model of this provider can do. `unknown` is an answer: the application may know better. */
const CAPABILITIES: Capabilities = {
  tools: "none",
  jsonSchema: "none",
  reasoning: "none",
  images: "none",
  suffix: "none",
  embeddings: "none",
};

export interface __Name__Options {
  /** Up to where `/chat/completions` begins. */
  readonly baseURL?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `createTransport()`; `fromFetch(fetch)` in workers and tests. */
  readonly transport?: Transport | undefined;
}

/** For programs that compose by hand. */
export function create__Name__(options: __Name__Options): Provider {
  const upstream = createUpstream(options);
  return defineProvider({
    specVersion: SPEC_VERSION,
    id: ID,
    settings: SETTINGS,
    chatModel: (modelId, facts) => createChatModel(upstream, modelId, facts),
  });
}

/** For registries and `config.yaml`. Add the options you need; name the ones you do not know. */
export const provider: ProviderFactory = {
  specVersion: SPEC_VERSION,
  id: ID,
  create({ options = {}, ...settings }) {
    const [unknown] = Object.keys(options);
    if (unknown === undefined) return create__Name__(settings);
    const message = `The provider ${ID} has no option "${unknown}" (provider.options).`;
    throw new ProviderError({ code: "invalid_value", message, setting: `options.${unknown}` });
  },
};

function createChatModel(upstream: Upstream, modelId: string, facts: ModelFacts | undefined): ChatModel {
  return {
    provider: ID,
    modelId,
    capabilities: () => ({ ...CAPABILITIES, ...facts?.capabilities }),
    async *stream(request, call) {
      const { body, warnings } = toBody(modelId, request);
      const bytes = await upstream.post("/chat/completions", body, call);
      // Only now has the upstream accepted.
      yield [{ type: "start", modelId, warnings }];
      yield* readAnswer(bytes);
    },
  };
}
