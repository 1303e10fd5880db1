import type { CallOptions, TextRequest } from "@llamaduct/core";
import type { TextCompletion, TextCompletionChunk } from "@llamaduct/openai-dialect";
import { type AnswerStream, createAnswerStream } from "./answer-stream.ts";
import { beginAll, collectAll } from "./begin-all.ts";
import { type AnswerFacts, type Engine, toAnswerFacts, toIdentity } from "./create-engine.ts";
import { dialect } from "./dialect.ts";
import type { LlamaductCall } from "./llamaduct-call.ts";
import { seeded } from "./seeded.ts";

export type TextStream = AnswerStream<TextCompletionChunk>;

export interface TextAnswer extends AnswerFacts {
  readonly body: TextCompletion | TextStream;
}

/** A text completion: `bestOf` answers to every prompt, of which `n` become choices. */
export async function completeText(engine: Engine, body: unknown, call: LlamaductCall): Promise<TextAnswer> {
  const { createTextChunkEncoder, decodeCompletionRequest, toTextCompletion } = await dialect();
  const { asked, decoded, streams, whole } = await engine.ask(body, call, async (asked) => {
    const decoded = decodeCompletionRequest(asked.request);
    const model = await engine.textModel(asked, decoded.request);
    const requests = decoded.prompts.flatMap((prompt) =>
      Array.from({ length: decoded.bestOf }, (_, index) => seeded<TextRequest>({ ...decoded.request, prompt }, index)),
    );
    const opens = requests.map((request) => (options: CallOptions) => model.stream(request, options));
    const streams = await beginAll(opens, asked.call);
    // As with chats: what is sent whole may still be another deployment's.
    return { asked, decoded, streams, whole: decoded.stream ? undefined : await collectAll(streams) };
  });
  const facts = toAnswerFacts(asked, decoded.warnings, ...(whole ?? streams).map(({ warnings }) => warnings));
  const options = { ...decoded, ...toIdentity("cmpl") };
  if (whole !== undefined) return { ...facts, body: toTextCompletion(whole, options) };
  return {
    ...facts,
    body: createAnswerStream(streams, {
      chunks: () => createTextChunkEncoder(options),
      events: ({ createTextEventEncoder }) => createTextEventEncoder(options),
    }),
  };
}
