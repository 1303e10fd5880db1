import { type Batch, ProviderError, type StreamPart } from "@llamaduct/core";
import { CHAT_TEXT, parseChatEvent } from "../src/chat-wire.ts";
import type { GenerateEvent } from "../src/generate-wire.ts";
import { GENERATE_TEXT, parseGenerateEvent } from "../src/generate-wire.ts";
import type { AnswerEvents, AnswerFormat } from "../src/read-events.ts";
import { streamAnswer } from "../src/stream-answer.ts";

const paths = { text: "messages", images: "messages" };

export const CHAT: AnswerFormat<GenerateEvent> = { parse: parseChatEvent, textLine: CHAT_TEXT, paths };
export const GENERATE: AnswerFormat<GenerateEvent> = { parse: parseGenerateEvent, textLine: GENERATE_TEXT, paths };

export interface Outcome {
  readonly parts: readonly StreamPart[];
  /** Code and words of the `ProviderError` after them. */
  readonly failure: string | undefined;
}

/** All that comes of an answer. Throws what is no `ProviderError`. */
export async function outcome(events: AsyncIterable<AnswerEvents<GenerateEvent>>): Promise<Outcome> {
  const parts: StreamPart[] = [];
  let ids = 0;
  const opened = { events, warnings: [] };
  try {
    const answer: AsyncIterable<Batch> = streamAnswer({
      modelId: "m",
      open: async () => opened,
      generateId: () => `call_${ids++}`,
    });
    for await (const batch of answer) parts.push(...batch);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { parts, failure: `${error.code}: ${error.message} ${error.upstreamMessage}` };
  }
  return { parts, failure: undefined };
}
