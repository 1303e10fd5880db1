import {
  type Capabilities,
  type ChatRequest,
  defineProvider,
  type ModelFacts,
  type Provider,
  ProviderError,
  type ProviderFactory,
  SPEC_VERSION,
  type StreamModel,
  type TextRequest,
} from "@llamaduct/core";
import type { Transport } from "@llamaduct/http";
import { SETTINGS } from "./settings.ts";
import type { ConvertedRequest } from "./to-chat-body.ts";
import { type Server, toServer } from "./to-server.ts";
import { UNKNOWN_CAPABILITIES } from "./unknown-capabilities.ts";

const ID = "openai";

type Work = typeof import("./work.ts");

export interface OpenAICompatibleOptions {
  /** Up to where `/chat/completions` begins, mostly `…/v1`. Default OpenAI's own, for which there must be a key. */
  readonly baseURL?: string | undefined;
  /** Sent as `Authorization: Bearer …` to this server only. */
  readonly apiKey?: string | undefined;
  /** Sent with every request. An `authorization` here counts as the server's credentials. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `createTransport()`; `fromFetch(fetch)` in workers and tests. */
  readonly transport?: Transport | undefined;
  /** A longer event of an answer is `upstream_response_too_large`. Default 8 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** Makes ids for tool calls that the server gave none. Default `call_` and 24 random characters. */
  readonly generateId?: (() => string) | undefined;
}

/** Provider `openai`: the chat, text and embedding models of one server that speaks OpenAI's API. */
export function createOpenAICompatible(options: OpenAICompatibleOptions = {}): Provider {
  const server = toServer(options);
  const { generateId = randomCallId } = options;
  let kept: Work | undefined;

  /** Loaded by the first request: who only might use this provider does not pay for it. `import()` takes 20 µs each time. */
  async function work(): Promise<Work> {
    kept ??= await import("./work.ts");
    return kept;
  }

  function model<Request>(kind: StreamKind<Request>, modelId: string, facts?: ModelFacts): StreamModel<Request> {
    return {
      provider: ID,
      modelId,
      capabilities: () => ({ ...kind.capabilities, ...facts?.capabilities }),
      async *stream(request, call) {
        const loaded = await work();
        const { createPartReader, createUpstream, readChunks } = loaded;
        const upstream = createUpstream(server);
        const { body, warnings } = kind.converter(loaded)(modelId, request, server);
        const events = await upstream.stream(kind.path, body, call);
        yield [{ type: "start", modelId, warnings }];
        const reader = createPartReader(generateId);
        for await (const batch of readChunks(events, server)) {
          const { parts, failure } = reader.read(batch);
          if (parts.length > 0) yield parts;
          if (failure !== undefined) throw failure.error;
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
    embeddingModel: (modelId) => ({
      provider: ID,
      modelId,
      async embed(request, call) {
        const { createEmbeddingModel, createUpstream } = await work();
        const upstream = createUpstream(server);
        return createEmbeddingModel({ provider: ID, modelId, upstream }).embed(request, call);
      },
    }),
    async listModels(call) {
      const { createUpstream, listModels } = await work();
      return listModels(createUpstream(server), call);
    },
  });
}

/** For registries and `config.yaml`. Beside `baseURL`, `apiKey` and `headers` it has the option `maxLineBytes`. */
export const provider: ProviderFactory = {
  specVersion: SPEC_VERSION,
  id: ID,
  create({ options = {}, ...settings }) {
    const { maxLineBytes, ...others } = options;
    const [unknown] = Object.keys(others);
    if (maxLineBytes !== undefined && !(typeof maxLineBytes === "number" && maxLineBytes > 0)) {
      const message = "maxLineBytes must be a number above 0 (provider.options).";
      throw new ProviderError({ code: "invalid_value", message, setting: "options.maxLineBytes" });
    }
    if (unknown === undefined) return createOpenAICompatible({ ...settings, maxLineBytes });
    const message = `The provider ${ID} has no option "${unknown}" (provider.options).`;
    throw new ProviderError({ code: "invalid_value", message, setting: `options.${unknown}` });
  },
};

interface StreamKind<Request> {
  readonly path: string;
  /** What the API itself settles. The rest depends on the model, and the API does not tell. */
  readonly capabilities: Capabilities;
  readonly converter: (work: Work) => (modelId: string, request: Request, server: Server) => ConvertedRequest;
}

const CHAT: StreamKind<ChatRequest> = {
  path: "/chat/completions",
  capabilities: { ...UNKNOWN_CAPABILITIES, suffix: "none" },
  converter: ({ toChatBody }) => toChatBody,
};

const TEXT: StreamKind<TextRequest> = {
  path: "/completions",
  capabilities: { ...UNKNOWN_CAPABILITIES, tools: "none", jsonSchema: "none", reasoning: "none", images: "none" },
  converter: ({ toTextBody }) => toTextBody,
};

function randomCallId(): string {
  return `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}
