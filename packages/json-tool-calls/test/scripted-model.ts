import {
  applyMiddleware,
  type Batch,
  type ChatModel,
  type ChatRequest,
  type Completion,
  collect,
  type Middleware,
  ProviderError,
  type StreamPart,
  type Support,
  type ToolDefinition,
} from "@llamaduct/core";

/** Text pieces, each a batch of its own; parts; or a failure. A piece that is a failure comes after those before it. */
export type Reply = readonly (string | StreamPart | ProviderError)[];

export interface ScriptedModel {
  readonly model: ChatModel;
  readonly requests: readonly ChatRequest[];
  /** How many streams were left before their end. */
  readonly left: () => number;
}

/** Plays replies one after another and records what was asked. A reply without a finish part ends with `stop`. */
export function scriptedModel(replies: readonly Reply[], tools: Support = "unknown"): ScriptedModel {
  const requests: ChatRequest[] = [];
  let left = 0;
  const model: ChatModel = {
    provider: "scripted",
    modelId: "m",
    capabilities: () => ({
      tools,
      jsonSchema: "native",
      reasoning: "unknown",
      images: "unknown",
      suffix: "none",
      embeddings: "none",
    }),
    async *stream(request): AsyncGenerator<Batch> {
      const reply = replies[requests.length] ?? [];
      requests.push(request);
      const [first] = reply;
      if (first instanceof ProviderError) throw first;
      let isOver = false;
      try {
        yield [{ type: "start", modelId: "m", warnings: [] }];
        for (const item of reply) {
          if (item instanceof ProviderError) {
            isOver = true;
            throw item;
          }
          const part: StreamPart = typeof item === "string" ? { type: "text-delta", text: item } : item;
          if (part.type === "finish") isOver = true;
          yield [part];
        }
        if (!isOver) {
          isOver = true;
          yield [finish("stop")];
        }
      } finally {
        if (!isOver) left++;
      }
    },
  };
  return { model, requests, left: () => left };
}

export function finish(
  reason: "stop" | "length" | "tool-calls",
  outputTokens = 7,
): Extract<StreamPart, { type: "finish" }> {
  return { type: "finish", reason, rawReason: reason, usage: { inputTokens: 5, outputTokens } };
}

export function nativeCall(id: string, name: string, text: string): readonly StreamPart[] {
  return [
    { type: "tool-call-start", id, name },
    { type: "tool-call-delta", id, argumentsDelta: text },
  ];
}

export const weather: ToolDefinition = {
  name: "get_weather",
  description: "The weather in a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
export const clock: ToolDefinition = { name: "now", parameters: { type: "object", properties: {} } };

export function ask(more: Partial<ChatRequest> = {}): ChatRequest {
  return { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }], tools: [weather, clock], ...more };
}

export function countingIds(): () => string {
  let count = 0;
  return () => `call_${++count}`;
}

/** Every batch of a stream, and what was thrown after them. Guarded, as an application would have it. */
export async function play(
  scripted: ScriptedModel,
  middleware: Middleware,
  request: ChatRequest,
): Promise<{ readonly batches: readonly (readonly StreamPart[])[]; readonly error: unknown }> {
  const batches: StreamPart[][] = [];
  try {
    for await (const batch of applyMiddleware(scripted.model, [middleware]).stream(request)) batches.push([...batch]);
    return { batches, error: undefined };
  } catch (error) {
    return { batches, error };
  }
}

export function whole(scripted: ScriptedModel, middleware: Middleware, request: ChatRequest): Promise<Completion> {
  return collect(applyMiddleware(scripted.model, [middleware]).stream(request));
}

/** A completion in one line. */
export function summary({ content, warnings, finish: { reason } }: Completion): string {
  const parts = content.map((part) => {
    if (part.type === "tool-call") return `${part.id} ${part.name}(${part.arguments})`;
    return part.type === "text" ? JSON.stringify(part.text) : `reasoning ${JSON.stringify(part.text)}`;
  });
  return [...parts, ...warnings.map(({ setting }) => `! ${setting}`), reason].join(" | ");
}

/** A text in every way that two pieces make it, and in pieces of one character. */
export function* everyCut(text: string): Generator<readonly string[]> {
  yield Array.from({ length: text.length }, (_, index) => text.charAt(index));
  for (let at = 0; at <= text.length; at++) yield [text.slice(0, at), text.slice(at)].filter((piece) => piece !== "");
}
