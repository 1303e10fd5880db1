import { type CallOptions, ProviderError } from "@llamaduct/core";
import {
  callHeaders,
  createTransport,
  lowerCaseNames,
  readText,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "@llamaduct/http";
import { parseBaseURL } from "./base-url.ts";
import { type CapabilityCache, createCapabilityCache } from "./capability-cache.ts";
import { CHAT_TEXT, type ChatBody, type ChatEvent, parseChatEvent } from "./chat-wire.ts";
import type { EmbedBody, EmbedReply } from "./embed-wire.ts";
import { GENERATE_TEXT, type GenerateBody, type GenerateEvent, parseGenerateEvent } from "./generate-wire.ts";
import type { LifeCycle } from "./life-cycle.ts";
import type { Parse, RunningModel, ShownModel, TaggedModel } from "./model-wire.ts";
import { type AnswerEvents, type AnswerFormat, readAnswer } from "./read-events.ts";
import type { HostError, InputPaths } from "./to-host-error.ts";
import { plainError, worded } from "./worded.ts";

export interface OllamaHostOptions {
  /** Any form people use; see `parseBaseURL`. Default `http://127.0.0.1:11434`. */
  readonly baseURL?: string | undefined;
  /** Sent as `Authorization: Bearer …` to this host only, on every endpoint. Nothing is sent without one. */
  readonly apiKey?: string | undefined;
  /** Sent with every request. An `authorization` here counts as the host's credentials. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `createTransport()`; `fromFetch(fetch)` in workers and tests. */
  readonly transport?: Transport | undefined;
  /** A longer line of an answer is `upstream_response_too_large`. Default 8 MiB. */
  readonly maxLineBytes?: number | undefined;
}

/** A call, and what the caller's own request calls the fields that an error may name. */
export interface HostCall extends CallOptions {
  /** Default: as the endpoint has them, `messages`, `prompt` or `input`. */
  readonly paths?: InputPaths | undefined;
}

/** One Ollama server. Every method throws `ProviderError`, or the signal's own reason. */
export interface OllamaHost extends LifeCycle {
  /** As normalised, without credentials. */
  readonly baseURL: string;
  /** What its models can do. Learns from refusals by itself. */
  readonly capabilities: CapabilityCache;
  /** `POST /api/chat`. Settles when the server has accepted; then batches of events as they arrive. */
  chat(body: ChatBody, call?: HostCall): Promise<AsyncIterable<AnswerEvents<ChatEvent>>>;
  /** `POST /api/generate`, as `chat`. */
  generate(body: GenerateBody, call?: HostCall): Promise<AsyncIterable<AnswerEvents<GenerateEvent>>>;
  /** `POST /api/embed`: one vector for each input. */
  embed(body: EmbedBody, call?: HostCall): Promise<EmbedReply>;
  /** `GET /api/tags`: what is installed, most recently modified first. */
  tags(call?: CallOptions): Promise<readonly TaggedModel[]>;
  /** `POST /api/show`; `undefined` when the server does not have the model. Heavy: `capabilities.describe` keeps the answer. */
  show(model: string, call?: CallOptions): Promise<ShownModel | undefined>;
  /** `GET /api/ps`: what is in memory. May hang while a model loads. */
  ps(call?: CallOptions): Promise<readonly RunningModel[]>;
  /** `GET /api/version`: the cheapest question that only an Ollama server answers. */
  version(call?: CallOptions): Promise<string>;
}

/** Opens nothing: the first request does. Throws `invalid_value` naming `baseURL` when that cannot be read. */
export function createOllamaHost(options: OllamaHostOptions = {}): OllamaHost {
  const { url: baseURL, authorization } = parseBaseURL(options.baseURL);
  const { transport = createTransport(), maxLineBytes } = options;
  const ownHeaders = {
    ...lowerCaseNames(options.headers),
    ...(authorization !== undefined && { authorization }),
    ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
  };

  let questions: Questions | undefined;

  async function send({ path, body, call = {}, paths = MESSAGES }: Question): Promise<TransportResponse> {
    const response = await reached({
      method: body === undefined ? "GET" : "POST",
      url: baseURL + path,
      headers: {
        ...callHeaders(call.headers),
        ...ownHeaders,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: call.signal,
    });
    const { status, headers } = response;
    if (status === 200 && !isPage(headers)) return response;
    const text = await readText(response.body, MAX_ERROR_BYTES);
    const { error, lacks } = await worded<HostError>(
      ({ toRefusal }) => toRefusal({ baseURL, status, headers, text, paths }),
      (cause) => ({ error: plainError(status, text, cause), lacks: undefined }),
    );
    if (lacks !== undefined && body !== undefined) capabilities.learn(body.model, lacks);
    throw error;
  }

  async function reached(request: TransportRequest): Promise<TransportResponse> {
    try {
      return await transport(request);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      throw await worded(
        ({ withReachHint }) => withReachHint(error, baseURL),
        () => error,
      );
    }
  }

  async function ask<Reply>(question: Question, parser: (questions: Questions) => Parse<Reply>): Promise<Reply> {
    questions ??= await import("./questions.ts");
    const response = await send(question);
    const text = await readText(response.body);
    const reply = parser(questions)(parseJson(text));
    if (reply !== undefined) return reply;
    throw await worded(
      ({ notOllama }) => notOllama(baseURL, { ...response, text }),
      (cause) => plainError(response.status, text, cause),
    );
  }

  async function answer<Event>(
    question: Question & { readonly paths: InputPaths },
    format: Pick<AnswerFormat<Event>, "parse" | "textLine">,
  ): Promise<AsyncIterable<AnswerEvents<Event>>> {
    const { body } = await send(question);
    return readAnswer(body, { ...format, paths: question.paths, maxLineBytes });
  }

  const tags: OllamaHost["tags"] = (call) => ask({ path: "/api/tags", call }, ({ parseTags }) => parseTags);

  const show: OllamaHost["show"] = async (model, call) => {
    try {
      return await ask({ path: "/api/show", body: { model }, call }, ({ parseShow }) => parseShow);
    } catch (error) {
      if (error instanceof ProviderError && error.code === "model_not_found") return undefined;
      throw error;
    }
  };

  const capabilities = createCapabilityCache({ tags, show });

  const generate: OllamaHost["generate"] = (body, call) =>
    answer({ path: "/api/generate", body, call, paths: call?.paths ?? PROMPT }, GENERATE);

  const embed: OllamaHost["embed"] = (body, call) =>
    ask({ path: "/api/embed", body, call, paths: call?.paths ?? INPUT }, ({ parseEmbed }) => parseEmbed);

  /** Loaded by the first that needs it: most applications only ask models. */
  async function lifeCycle(): Promise<LifeCycle> {
    const { createLifeCycle } = await import("./questions.ts");
    return createLifeCycle({
      generate,
      embed,
      startPull: async (body, call) => (await send({ path: "/api/pull", body, call })).body,
    });
  }

  return {
    baseURL,
    capabilities,
    chat: (body, call) => answer({ path: "/api/chat", body, call, paths: call?.paths ?? MESSAGES }, CHAT),
    generate,
    embed,
    tags,
    show,
    ps: (call) => ask({ path: "/api/ps", call }, ({ parsePs }) => parsePs),
    version: (call) => ask({ path: "/api/version", call }, ({ parseVersion }) => parseVersion),
    load: async (...asked) => (await lifeCycle()).load(...asked),
    unload: async (...asked) => (await lifeCycle()).unload(...asked),
    async *pull(...asked) {
      yield* (await lifeCycle()).pull(...asked);
    },
  };
}

/** A page is for people. */
function isPage(headers: TransportResponse["headers"]): boolean {
  return headers["content-type"]?.startsWith("text/html") === true;
}

type Questions = typeof import("./questions.ts");

interface Question {
  readonly path: string;
  readonly body?: { readonly model: string } | undefined;
  readonly call?: CallOptions | undefined;
  readonly paths?: InputPaths | undefined;
}

const CHAT = { parse: parseChatEvent, textLine: CHAT_TEXT };
const GENERATE = { parse: parseGenerateEvent, textLine: GENERATE_TEXT };
const MESSAGES: InputPaths = { text: "messages", images: "messages" };
const PROMPT: InputPaths = { text: "prompt", images: "images" };
const INPUT: InputPaths = { text: "input", images: "input" };

const MAX_ERROR_BYTES = 64 * 1024;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
