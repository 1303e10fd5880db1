import {
  type CallOptions,
  type Capabilities,
  type ChatRequest,
  defineProvider,
  type ModelFacts,
  type ModelInfo,
  type Provider,
  ProviderError,
  type ProviderFactory,
  SPEC_VERSION,
  type StreamModel,
  type TextRequest,
} from "@llamaduct/core";
import type { Transport } from "@llamaduct/http";
import { createEmbeddingModel } from "./embedding-model.ts";
import { readChunks } from "./read-chunks.ts";
import { type ConvertedRequest, type ServerTraits, toChatBody } from "./to-chat-body.ts";
import { createPartReader } from "./to-parts.ts";
import { SETTINGS } from "./to-request-fields.ts";
import { toTextBody } from "./to-text-body.ts";
import { createUpstream, type Upstream } from "./upstream.ts";
import { type ListedModel, parseModels } from "./wire.ts";

const ID = "openai";

export interface OpenAICompatibleOptions {
  /** Up to where `/chat/completions` begins, mostly `…/v1`. Default OpenAI's own, for which there must be a key. */
  readonly baseURL?: string | undefined;
  /** Sent as `Authorization: Bearer …` to this server only. */
  readonly apiKey?: string | undefined;
  /** Sent with every request. An `authorization` here counts as the server's credentials. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `createTransport()`; `fromFetch(fetch)` in workers and tests. */
  readonly transport?: Transport | undefined;
  /** Makes ids for tool calls that the server gave none. Default `call_` and 24 random characters. */
  readonly generateId?: (() => string) | undefined;
}

/** Provider `openai`: the chat, text and embedding models of one server that speaks OpenAI's API. */
export function createOpenAICompatible(options: OpenAICompatibleOptions = {}): Provider {
  const upstream = createUpstream(options);
  const { generateId = randomCallId } = options;

  function model<Request>(kind: StreamKind<Request>, modelId: string, facts?: ModelFacts): StreamModel<Request> {
    return {
      provider: ID,
      modelId,
      capabilities: () => ({ ...kind.capabilities, ...facts?.capabilities }),
      async *stream(request, call) {
        const { body, warnings } = kind.convert(modelId, request, upstream);
        const events = await upstream.stream(kind.path, body, call);
        yield [{ type: "start", modelId, warnings }];
        const reader = createPartReader(generateId);
        for await (const batch of readChunks(events)) {
          const parts = reader.read(batch);
          if (parts.length > 0) yield parts;
        }
        const rest = reader.end();
        if (rest.length > 0) yield rest;
      },
    };
  }

  return defineProvider({
    specVersion: SPEC_VERSION,
    id: ID,
    settings: SETTINGS,
    chatModel: (modelId, facts) => model(CHAT, modelId, facts),
    textModel: (modelId, facts) => model(TEXT, modelId, facts),
    embeddingModel: (modelId) => createEmbeddingModel({ provider: ID, modelId, upstream }),
    listModels: (call) => listModels(upstream, call),
  });
}

/** For registries and `config.yaml`. It has no options beside `baseURL`, `apiKey` and `headers`. */
export const provider: ProviderFactory = {
  specVersion: SPEC_VERSION,
  id: ID,
  create({ options = {}, ...settings }) {
    const [unknown] = Object.keys(options);
    if (unknown === undefined) return createOpenAICompatible(settings);
    const message = `The provider ${ID} has no option "${unknown}".`;
    throw new ProviderError({ code: "invalid_value", message, setting: `options.${unknown}` });
  },
};

interface StreamKind<Request> {
  readonly path: string;
  /** What the API itself settles. The rest depends on the model, and the API does not tell. */
  readonly capabilities: Capabilities;
  readonly convert: (modelId: string, request: Request, server: ServerTraits) => ConvertedRequest;
}

const UNKNOWN: Capabilities = {
  tools: "unknown",
  jsonSchema: "unknown",
  reasoning: "unknown",
  images: "unknown",
  suffix: "unknown",
  embeddings: "unknown",
};

const CHAT: StreamKind<ChatRequest> = {
  path: "/chat/completions",
  capabilities: { ...UNKNOWN, suffix: "none" },
  convert: toChatBody,
};

const TEXT: StreamKind<TextRequest> = {
  path: "/completions",
  capabilities: { ...UNKNOWN, tools: "none", jsonSchema: "none", reasoning: "none", images: "none" },
  convert: toTextBody,
};

async function listModels(upstream: Upstream, call: CallOptions | undefined): Promise<readonly ModelInfo[]> {
  return (await upstream.ask({ path: "/models", call }, parseModels)).data.map(toModelInfo);
}

function toModelInfo(model: ListedModel): ModelInfo {
  return {
    id: model.id,
    capabilities: UNKNOWN,
    contextLength:
      model.max_model_len ?? model.context_length ?? model.meta?.n_ctx ?? model.meta?.n_ctx_train ?? undefined,
    metadata: model.owned_by ? { owned_by: model.owned_by } : {},
  };
}

function randomCallId(): string {
  return `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}
