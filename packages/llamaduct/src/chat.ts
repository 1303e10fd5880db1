import type { CallOptions, ChatRequest } from "@llamaduct/core";
import type { ChatCompletion, ChatCompletionChunk } from "@llamaduct/openai-dialect";
import { createChunkEncoder, decodePlainChat, toChatCompletion } from "@llamaduct/openai-dialect/chat";
import { type AnswerStream, createAnswerStream } from "./answer-stream.ts";
import { beginAll, collectAll } from "./begin-all.ts";
import { type AnswerFacts, type Engine, toAnswerFacts, toIdentity } from "./create-engine.ts";
import { dialect } from "./dialect.ts";
import type { LlamaductCall } from "./llamaduct-call.ts";
import { seeded } from "./seeded.ts";

export type ChatStream = AnswerStream<ChatCompletionChunk>;

export interface ChatAnswer extends AnswerFacts {
  readonly body: ChatCompletion | ChatStream;
}

/** A chat completion: `n` answers to one request, each a choice. */
export async function chat(engine: Engine, body: unknown, call: LlamaductCall): Promise<ChatAnswer> {
  const { asked, decoded, streams, whole } = await engine.ask(body, call, async (asked) => {
    const decoded = decodePlainChat(asked.request) ?? (await dialect()).decodeChatRequest(asked.request);
    const model = await engine.chatModel(asked, decoded.request);
    const requests = Array.from({ length: decoded.n }, (_, index) => seeded<ChatRequest>(decoded.request, index));
    const opens = requests.map((request) => (options: CallOptions) => model.stream(request, options));
    const streams = await beginAll(opens, asked.call);
    // Of an answer that is sent whole the client has nothing until its end: until then another deployment may be tried.
    return { asked, decoded, streams, whole: decoded.stream ? undefined : await collectAll(streams) };
  });
  const facts = toAnswerFacts(asked, decoded.warnings, ...(whole ?? streams).map(({ warnings }) => warnings));
  const options = { ...decoded, ...toIdentity("chatcmpl") };
  if (whole !== undefined) return { ...facts, body: toChatCompletion(whole, options) };
  return {
    ...facts,
    body: createAnswerStream(streams, {
      chunks: () => createChunkEncoder(options),
      events: ({ createEventEncoder }) => createEventEncoder(options),
    }),
  };
}
