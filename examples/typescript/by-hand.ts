// node by-hand.ts [MODEL]: the pieces below completion(). Needs `npm install @llamaduct/core @llamaduct/ollama-chat @llamaduct/json-tool-calls`.
import { applyMiddleware, collect, createRegistry, observe, type ProviderFactory, SPEC_VERSION } from "@llamaduct/core";
import { jsonToolCalls } from "@llamaduct/json-tool-calls";
import { provider as ollamaChat } from "@llamaduct/ollama-chat";

/** A provider of one's own: it says what it is told. */
const echo: ProviderFactory = {
  specVersion: SPEC_VERSION,
  id: "echo",
  create: () => ({
    specVersion: SPEC_VERSION,
    id: "echo",
    settings: [],
    chatModel: (modelId) => ({
      provider: "echo",
      modelId,
      capabilities: () => ({
        tools: "none",
        jsonSchema: "none",
        reasoning: "none",
        images: "none",
        suffix: "none",
        embeddings: "none",
      }),
      async *stream({ messages }) {
        yield [{ type: "start", modelId, warnings: [] }];
        yield [{ type: "text-delta", text: JSON.stringify(messages.at(-1)?.content) }];
        yield [{ type: "finish", reason: "stop", usage: { inputTokens: undefined, outputTokens: undefined } }];
      },
    }),
  }),
};

const registry = createRegistry([ollamaChat, echo]);
const messages = [{ role: "user", content: [{ type: "text", text: "Why is the sky blue?" }] }] as const;

for (const reference of [`ollama_chat/${process.argv[2] ?? "llama3.1"}`, "echo/any"]) {
  const { providerId, modelId } = registry.split(reference) ?? {};
  if (providerId === undefined || modelId === undefined) throw new Error(`${reference} names no provider`);
  const settings = { baseURL: process.env["OLLAMA_HOST"] };
  const model = registry.provider(providerId, settings).chatModel?.(modelId);
  if (model === undefined) throw new Error(`${providerId} has no chat models`);
  const watched = applyMiddleware(model, [
    observe({ onEnd: ({ outcome, totalMs }) => console.log(reference, outcome, totalMs) }),
    jsonToolCalls(),
  ]);
  const { content, finish } = await collect(watched.stream({ messages }));
  console.log(JSON.stringify(content), finish.reason);
}
