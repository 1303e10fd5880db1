import {
  type ChatModel,
  type ChatRequest,
  type ModelFacts,
  type Provider,
  ProviderError,
  type ProviderFactory,
  type TextModel,
} from "@llamaduct/core";
import {
  assertImages,
  createOllamaHost,
  extrasPlacer,
  type OllamaHost,
  type OllamaHostOptions,
  ollamaFactory,
  ollamaProvider,
  randomCallId,
  siblingModel,
  streamAnswer,
} from "@llamaduct/ollama-host";
import { toChatBody } from "./to-chat-body.ts";

const ID = "ollama_chat";

export interface OllamaChatOptions extends OllamaHostOptions {
  /** Makes ids for tool calls that the server gave none. Default `call_` and 24 random characters. */
  readonly generateId?: (() => string) | undefined;
  /** Gives raw completions their provider, `ollama`; asked when one comes. Without it they are `unsupported`. */
  readonly textProvider?: (() => Provider | undefined) | undefined;
}

/** Provider `ollama_chat`: chat and embedding models of one Ollama server, through `POST /api/chat` and `/api/embed`. */
export function createOllamaChat(options: OllamaChatOptions = {}): Provider {
  const host = createOllamaHost(options);
  const { generateId = randomCallId, textProvider } = options;
  return ollamaProvider({
    id: ID,
    host,
    chatModel: (modelId, facts) => createChatModel({ host, modelId, facts, generateId }),
    textModel: (modelId, facts) =>
      createTextModel({ modelId, host, facts, sibling: () => textProvider?.()?.textModel?.(modelId, facts) }),
  });
}

/** For registries and `config.yaml`. */
export const provider: ProviderFactory = ollamaFactory(ID, (settings, sibling) =>
  createOllamaChat({ ...settings, textProvider: () => sibling("ollama") }),
);

interface ModelParts {
  readonly host: OllamaHost;
  readonly modelId: string;
  readonly facts: ModelFacts | undefined;
}

function createChatModel({ host, modelId, facts, generateId }: ModelParts & { generateId: () => string }): ChatModel {
  return {
    provider: ID,
    modelId,
    capabilities: () => host.capabilities.known(modelId, facts),
    stream: (request, call) =>
      streamAnswer({
        modelId,
        generateId,
        async open() {
          if (hasImages(request)) await assertImages(host, { modelId, facts, call, setting: "messages" });
          const extras = request.extra && (await extrasPlacer())(request.extra, "chat");
          const capabilities = host.capabilities.known(modelId, facts);
          const { body, warnings } = toChatBody(modelId, request, { capabilities, extras });
          return { events: await host.chat(body, call), warnings };
        },
      }),
  };
}

function createTextModel({
  host,
  modelId,
  facts,
  sibling,
}: ModelParts & { readonly sibling: () => TextModel | undefined }): TextModel {
  return {
    provider: ID,
    modelId,
    capabilities: () => sibling()?.capabilities() ?? host.capabilities.known(modelId, facts),
    stream(request, call) {
      const model = sibling();
      if (model !== undefined) return siblingModel(model).stream(request, call);
      const message = "Raw completions need the provider ollama beside this one.";
      throw new ProviderError({ code: "unsupported", message, setting: "prompt" });
    },
  };
}

function hasImages({ messages }: ChatRequest): boolean {
  return messages.some(({ role, content }) => role === "user" && content.some(({ type }) => type === "image"));
}
