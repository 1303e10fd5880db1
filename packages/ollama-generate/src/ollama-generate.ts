import {
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  type ModelFacts,
  type Provider,
  ProviderError,
  type ProviderFactory,
  type Stream,
  type TextModel,
  type TextRequest,
} from "@llamaduct/core";
import {
  assertImages,
  createOllamaHost,
  eitherKnows,
  extrasPlacer,
  type InputPaths,
  type OllamaHost,
  type OllamaHostOptions,
  ollamaFactory,
  ollamaProvider,
  randomCallId,
  siblingModel,
  streamAnswer,
} from "@llamaduct/ollama-host";
import { toGenerateBody } from "./to-generate-body.ts";
import { toTextRequest } from "./to-text-request.ts";

const ID = "ollama";

export interface OllamaGenerateOptions extends OllamaHostOptions {
  /** Gives chats that a single prompt cannot hold their provider, `ollama_chat`; asked when one comes. Without it they are `unsupported`. */
  readonly chatProvider?: (() => Provider | undefined) | undefined;
}

/**
 * Provider `ollama`: raw completions, fill-in-the-middle and plain chats of one Ollama server through
 * `POST /api/generate`, and its embeddings.
 */
export function createOllamaGenerate(options: OllamaGenerateOptions = {}): Provider {
  const host = createOllamaHost(options);
  const { chatProvider } = options;
  return ollamaProvider({
    id: ID,
    host,
    textModel: (modelId, facts) => createTextModel({ host, modelId, facts }),
    chatModel: (modelId, facts) =>
      createChatModel({ host, modelId, facts, sibling: () => chatProvider?.()?.chatModel?.(modelId, facts) }),
  });
}

/** For registries and `config.yaml`. */
export const provider: ProviderFactory = ollamaFactory(ID, (settings, sibling) =>
  createOllamaGenerate({ ...settings, chatProvider: () => sibling("ollama_chat") }),
);

interface ModelParts {
  readonly host: OllamaHost;
  readonly modelId: string;
  readonly facts: ModelFacts | undefined;
}

function createTextModel(parts: ModelParts): TextModel {
  return {
    provider: ID,
    modelId: parts.modelId,
    capabilities: () => parts.host.capabilities.known(parts.modelId, parts.facts),
    stream: (request, call) => generate(parts, request, { call, paths: { text: "prompt", images: "images" } }),
  };
}

function createChatModel(parts: ModelParts & { readonly sibling: () => ChatModel | undefined }): ChatModel {
  const { host, modelId, facts, sibling } = parts;
  return {
    provider: ID,
    modelId,
    capabilities() {
      const known = host.capabilities.known(modelId, facts);
      const chat = sibling();
      return chat === undefined ? { ...known, tools: "none" } : eitherKnows(known, chat.capabilities());
    },
    stream(request, call) {
      const plain = toTextRequest(request);
      if (plain !== undefined) return generate(parts, plain, { call, paths: { text: "messages", images: "messages" } });
      const chat = sibling();
      if (chat === undefined) throw tooRich(request);
      return siblingModel(chat).stream(request, call);
    },
  };
}

interface GenerateCall {
  readonly call: CallOptions | undefined;
  /** What the caller's request calls these fields. */
  readonly paths: InputPaths;
}

function generate({ host, modelId, facts }: ModelParts, request: TextRequest, { call, paths }: GenerateCall): Stream {
  return streamAnswer({
    modelId,
    // A completion makes no calls; a server's parser may see one all the same.
    generateId: randomCallId,
    async open() {
      const hasImages = (request.images?.length ?? 0) > 0;
      if (hasImages) await assertImages(host, { modelId, facts, call, setting: paths.images });
      const extras = request.extra && (await extrasPlacer())(request.extra, "generate");
      const capabilities = host.capabilities.known(modelId, facts);
      const { body, ...told } = toGenerateBody(modelId, request, { capabilities, extras });
      return { events: await host.generate(body, { ...call, paths }), ...told };
    },
  });
}

function tooRich({ tools = [] }: ChatRequest): ProviderError {
  return new ProviderError({
    code: "unsupported",
    message: "Tools and conversations need the provider ollama_chat beside this one: one prompt cannot hold them.",
    setting: tools.length > 0 ? "tools" : "messages",
  });
}
