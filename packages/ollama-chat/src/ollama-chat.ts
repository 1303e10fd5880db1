import {
  type Batch,
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  defineProvider,
  type ModelFacts,
  type Provider,
  ProviderError,
  type ProviderFactory,
  SPEC_VERSION,
} from "@llamaduct/core";
import {
  createOllamaHost,
  OLLAMA_SETTINGS,
  type OllamaHost,
  type OllamaHostOptions,
  toListedModel,
  UNKNOWN_CAPABILITIES,
} from "@llamaduct/ollama-host";
import { toChatBody } from "./to-chat-body.ts";
import { createPartReader } from "./to-parts.ts";

const ID = "ollama_chat";

export interface OllamaChatOptions extends OllamaHostOptions {
  /** Makes ids for tool calls that the server gave none. Default `call_` and 24 random characters. */
  readonly generateId?: (() => string) | undefined;
}

/** Provider `ollama_chat`: chat models of one Ollama server, through `POST /api/chat`. */
export function createOllamaChat(options: OllamaChatOptions = {}): Provider {
  const host = createOllamaHost(options);
  const generateId = options.generateId ?? randomCallId;
  return defineProvider({
    specVersion: SPEC_VERSION,
    id: ID,
    settings: OLLAMA_SETTINGS,
    chatModel: (modelId, facts) => createChatModel({ host, modelId, facts, generateId }),
    async listModels(call) {
      return (await host.tags(call)).map(toListedModel);
    },
  });
}

/** For registries and `config.yaml`. */
export const provider: ProviderFactory = {
  specVersion: SPEC_VERSION,
  id: ID,
  create({ baseURL, apiKey, headers, options = {} }) {
    const [unknown] = Object.keys(options);
    if (unknown !== undefined) {
      const message = `The provider ${ID} has no option "${unknown}".`;
      throw new ProviderError({ code: "invalid_value", message, setting: `options.${unknown}` });
    }
    return createOllamaChat({ baseURL, apiKey, headers });
  },
};

interface ChatModelParts {
  readonly host: OllamaHost;
  readonly modelId: string;
  readonly facts: ModelFacts | undefined;
  readonly generateId: () => string;
}

function createChatModel({ host, modelId, facts, generateId }: ChatModelParts): ChatModel {
  return {
    provider: ID,
    modelId,
    capabilities: () => ({ ...UNKNOWN_CAPABILITIES, ...facts?.capabilities }),
    stream: (request, call) => stream(request, call),
  };

  async function* stream(request: ChatRequest, call: CallOptions | undefined): AsyncGenerator<Batch> {
    const { body, warnings } = toChatBody(modelId, request);
    const answer = await host.chat(body, call);
    yield [{ type: "start", modelId, warnings }];
    const reader = createPartReader(generateId);
    for await (const events of answer) {
      const parts = reader.read(events);
      if (parts.length > 0) yield parts;
    }
    reader.end();
  }
}

function randomCallId(): string {
  return `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}
