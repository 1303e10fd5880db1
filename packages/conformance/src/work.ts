import type {
  CallOptions,
  ChatModel,
  EmbeddingModel,
  Message,
  Provider,
  Stream,
  StreamModel,
  TextModel,
  TextRequest,
} from "@llamaduct/core";
import type { Act, Play } from "./act.ts";
import { readAnswer } from "./read-answer.ts";
import { PROMPT, playing, whole } from "./stage.ts";
import type { Answer, AnswerUpstream, Kind, Target } from "./target.ts";

/** One kind of work that a provider does, so that cases about all kinds are written once. */
export interface Work {
  readonly kind: Kind;
  readonly path: string | readonly string[];
  /** An upstream that answers properly. */
  readonly play: Play;
  /** Does the work once with `PROMPT`. Rejects as the provider does. */
  run(provider: Provider, options?: CallOptions): Promise<unknown>;
}

/** What chat and text requests have in common, and another model than the target's. */
export type Ask = Omit<TextRequest, "prompt" | "suffix" | "system" | "images"> & { readonly modelId?: string };

export interface StreamWork extends Work {
  readonly kind: "chat" | "text";
  readonly wire: AnswerUpstream;
  model(provider: Provider): StreamModel<never>;
  open(provider: Provider, ask?: Ask, options?: CallOptions): Stream;
}

export const HELLO: Answer = {
  deltas: [..."Hello from the upstream!".split(/(?<= )/)].map((text) => ({ type: "text", text })),
  finish: "stop",
  usage: { inputTokens: 11, outputTokens: 5 },
};

/** The kinds of work that both the provider and the upstream do. */
export function worksOf(target: Target): readonly Work[] {
  return [
    ...streamWorksOf(target),
    ...[embeddingWork(target), listingWork(target)].filter((work) => work !== undefined),
  ];
}

export function streamWorksOf(target: Target): readonly StreamWork[] {
  const { chat, text } = target.upstream;
  return [chat && chatWork(target, chat), text && textWork(target, text)].filter((work) => work !== undefined);
}

/** An upstream that streams an answer, changed by `change`. */
export function streaming(
  target: Target,
  wire: AnswerUpstream,
  {
    answer = HELLO,
    change,
  }: { readonly answer?: Answer; readonly change?: (events: readonly string[]) => Partial<Act> } = {},
): Play {
  return playing(target, wire.path, (request) => {
    const events = wire.events(answer, request);
    return { status: 200, headers: wire.headers ?? {}, pieces: events, ...change?.(events) };
  });
}

function chatWork(target: Target, wire: AnswerUpstream): StreamWork {
  const open: StreamWork["open"] = (provider, { modelId = target.modelId, ...more } = {}, options) =>
    chatModel(provider, modelId).stream({ ...more, messages: [userMessage(PROMPT)] }, options);
  return {
    kind: "chat",
    path: wire.path,
    wire,
    play: streaming(target, wire),
    model: (provider) => chatModel(provider, target.modelId),
    open,
    run: (provider, options) => drained(open(provider, {}, options)),
  };
}

function textWork(target: Target, wire: AnswerUpstream): StreamWork {
  const open: StreamWork["open"] = (provider, { modelId = target.modelId, ...more } = {}, options) =>
    textModel(provider, modelId).stream({ ...more, prompt: PROMPT }, options);
  return {
    kind: "text",
    path: wire.path,
    wire,
    play: streaming(target, wire),
    model: (provider) => textModel(provider, target.modelId),
    open,
    run: (provider, options) => drained(open(provider, {}, options)),
  };
}

function embeddingWork(target: Target): Work | undefined {
  const wire = target.upstream.embeddings;
  if (wire === undefined) return undefined;
  const play = playing(target, wire.path, () => whole(wire.reply([[1, 2]], 3)));
  return {
    kind: "embeddings",
    path: wire.path,
    play,
    run: (provider, options) => embeddingModel(provider, target).embed({ input: [PROMPT] }, options),
  };
}

function listingWork(target: Target): Work | undefined {
  const wire = target.upstream.models;
  if (wire === undefined) return undefined;
  const play = playing(target, wire.path, () => whole(wire.reply([target.modelId])));
  return {
    kind: "models",
    path: wire.path,
    play,
    run: (provider, options) => present(provider.listModels?.(options), "models"),
  };
}

export function chatModel(provider: Provider, modelId: string): ChatModel {
  return present(provider.chatModel?.(modelId), "chat");
}

export function textModel(provider: Provider, modelId: string): TextModel {
  return present(provider.textModel?.(modelId), "text");
}

export function embeddingModel(provider: Provider, { modelId }: Target): EmbeddingModel {
  return present(provider.embeddingModel?.(modelId), "embeddings");
}

export function userMessage(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

async function drained(stream: Stream): Promise<unknown> {
  const outcome = await readAnswer(stream);
  if (outcome.error !== undefined) throw outcome.error;
  return outcome;
}

function present<Model>(model: Model | undefined, kind: Kind): Model {
  if (model === undefined) throw new Error(`The target has an upstream for ${kind}, the provider does no such work.`);
  return model;
}
