import type { Answer, Target, UpstreamRequest } from "@llamaduct/conformance";
import { applyMiddleware, type ProviderFactory, type ProviderSettings } from "@llamaduct/core";
import { fromFetch } from "@llamaduct/http";
import { jsonToolCalls } from "@llamaduct/json-tool-calls";
import { createOllamaChat, provider as ollamaChat } from "@llamaduct/ollama-chat";
import { createOllamaGenerate, provider as ollamaGenerate } from "@llamaduct/ollama-generate";
import { upstream } from "./ollama-upstream.ts";

const none = () => undefined;
const connection = (settings: ProviderSettings, fetch: typeof globalThis.fetch) => ({
  baseURL: settings.baseURL,
  apiKey: settings.apiKey,
  transport: fromFetch(fetch),
});

export const chat: Target = {
  provider: ollamaChat,
  siblings: [ollamaGenerate],
  modelId: "some-model",
  upstream,
  withFetch: (settings, fetch) =>
    createOllamaChat({
      ...connection(settings, fetch),
      textProvider: () => createOllamaGenerate(connection(settings, fetch)),
    }),
};

export const generate: Target = {
  provider: ollamaGenerate,
  siblings: [ollamaChat],
  modelId: "some-model",
  upstream,
  withFetch: (settings, fetch) =>
    createOllamaGenerate({
      ...connection(settings, fetch),
      chatProvider: () => createOllamaChat(connection(settings, fetch)),
    }),
};

/** Tool calling over JSON, as for a model that has none of its own. */
export const fallback: Target = {
  provider: withFallback(ollamaChat.create),
  modelId: "some-model",
  upstream: {
    ...upstream,
    chat: { ...upstream.chat, events: eventsAsJson },
    text: undefined,
    embeddings: undefined,
    models: undefined,
  },
  withFetch: (settings, fetch) =>
    withFallback(() => createOllamaChat(connection(settings, fetch))).create(settings, none),
};

function withFallback(create: ProviderFactory["create"]): ProviderFactory {
  return {
    ...ollamaChat,
    create(settings, sibling) {
      const { chatModel, specVersion, id, settings: known } = create(settings, sibling);
      const middleware = jsonToolCalls();
      return {
        specVersion,
        id,
        settings: known,
        chatModel(modelId, facts) {
          const model = chatModel?.(modelId, { ...facts, capabilities: { tools: "none", ...facts?.capabilities } });
          if (model === undefined) throw new Error("no chat models");
          return applyMiddleware(model, [middleware]);
        },
      };
    },
  };
}

/** A model that is held to a grammar says its calls in JSON. */
function eventsAsJson(answer: Answer, request: UpstreamRequest): readonly string[] {
  const calls = answer.deltas.filter((delta) => delta.type === "tool-call");
  const reply = { tool_calls: calls.map(({ name, arguments: text }) => ({ name, arguments: JSON.parse(text) })) };
  const pieces = JSON.stringify(reply).match(/.{1,9}/g) ?? [];
  const deltas = calls.length === 0 ? answer.deltas : pieces.map((text) => ({ type: "text", text }) as const);
  return upstream.chat.events({ ...answer, deltas }, request);
}
