import type { CallOptions, ChatRequest } from "@llamaduct/core";
import {
  type ChatCompletion,
  type ChatCompletionChunk,
  createChunkEncoder,
  createEventEncoder,
  decodeChatRequest,
  toChatCompletion,
} from "@llamaduct/openai-dialect";
import { type AnswerStream, createAnswerStream } from "./answer-stream.ts";
import { beginAll, collectAll } from "./begin-all.ts";
import { type AnswerFacts, type Engine, toAnswerFacts, toIdentity } from "./create-engine.ts";
import { seeded } from "./seeded.ts";

export type ChatStream = AnswerStream<ChatCompletionChunk>;

export interface ChatAnswer extends AnswerFacts {
  readonly body: ChatCompletion | ChatStream;
}

/** A chat completion: `n` answers to one request, each a choice. */
export async function chat(engine: Engine, body: unknown, call: CallOptions): Promise<ChatAnswer> {
  const { asked, decoded, streams } = await engine.ask(body, call, async (asked) => {
    const decoded = decodeChatRequest(asked.request);
    const model = engine.chatModel(asked);
    const requests = Array.from({ length: decoded.n }, (_, index) => seeded<ChatRequest>(decoded.request, index));
    const opens = requests.map((request) => (options: CallOptions) => model.stream(request, options));
    return { asked, decoded, streams: await beginAll(opens, call) };
  });
  const facts = toAnswerFacts(asked, decoded.warnings, ...streams.map(({ warnings }) => warnings));
  const options = { ...decoded, ...toIdentity("chatcmpl") };
  if (!decoded.stream) return { ...facts, body: toChatCompletion(await collectAll(streams), options) };
  const encoders = { chunks: () => createChunkEncoder(options), events: () => createEventEncoder(options) };
  return { ...facts, body: createAnswerStream(streams, encoders) };
}
