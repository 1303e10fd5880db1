import { type CallOptions, ProviderError } from "@llamaduct/core";
import { createTransport, readText, type Transport, type TransportResponse } from "@llamaduct/http";
import { parseBaseURL } from "./base-url.ts";
import { type ChatBody, type ChatEvent, parseChatEvent } from "./chat-wire.ts";
import {
  type Parse,
  parsePs,
  parseShow,
  parseTags,
  parseVersion,
  type RunningModel,
  type ShownModel,
  type TaggedModel,
} from "./model-wire.ts";
import { readEvents } from "./read-events.ts";
import { toHostError } from "./to-host-error.ts";

export interface OllamaHostOptions {
  /** Any form people use; see `parseBaseURL`. Default `http://127.0.0.1:11434`. */
  readonly baseURL?: string | undefined;
  /** Sent as `Authorization: Bearer …` to this host only, on every endpoint. Nothing is sent without one. */
  readonly apiKey?: string | undefined;
  /** Sent with every request. An `authorization` here counts as the host's credentials. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `createTransport()`; `fromFetch(fetch)` in workers and tests. */
  readonly transport?: Transport | undefined;
}

/** One Ollama server. Every method throws `ProviderError`, or the signal's own reason. */
export interface OllamaHost {
  /** As normalised, without credentials. */
  readonly baseURL: string;
  /** `POST /api/chat`. Settles when the server has accepted; then batches of events as they arrive. */
  chat(body: ChatBody, options?: CallOptions): Promise<AsyncIterable<readonly ChatEvent[]>>;
  /** `GET /api/tags`: what is installed, most recently modified first. */
  tags(options?: CallOptions): Promise<readonly TaggedModel[]>;
  /** `POST /api/show`; `undefined` when the server does not have the model. Heavy: keep the answer. */
  show(model: string, options?: CallOptions): Promise<ShownModel | undefined>;
  /** `GET /api/ps`: what is in memory. May hang while a model loads. */
  ps(options?: CallOptions): Promise<readonly RunningModel[]>;
  /** `GET /api/version`: the cheapest question that only an Ollama server answers. */
  version(options?: CallOptions): Promise<string>;
}

/** Opens nothing: the first request does. Throws `invalid_value` naming `baseURL` when that cannot be read. */
export function createOllamaHost(options: OllamaHostOptions = {}): OllamaHost {
  const { url: baseURL, authorization } = parseBaseURL(options.baseURL);
  const transport = options.transport ?? createTransport();
  const ownHeaders = {
    ...lowerCase(options.headers),
    ...(authorization !== undefined && { authorization }),
    ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
  };

  async function send(path: string, body: object | undefined, call: CallOptions = {}): Promise<TransportResponse> {
    const response = await transport({
      method: body === undefined ? "GET" : "POST",
      url: baseURL + path,
      headers: {
        ...withoutCredentials(lowerCase(call.headers)),
        ...ownHeaders,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: call.signal,
    });
    if (response.status === 200) return response;
    throw toHostError({
      status: response.status,
      text: await readText(response.body, MAX_ERROR_BYTES),
      retryAfterMs: retryAfter(response.headers["retry-after"]),
    });
  }

  async function ask<Reply>(path: string, parse: Parse<Reply>, body?: object, call?: CallOptions): Promise<Reply> {
    const response = await send(path, body, call);
    const reply = parse(parseJson(await readText(response.body, MAX_REPLY_BYTES)));
    if (reply !== undefined) return reply;
    const message = "The server's reply has another shape: is the base URL an Ollama server's?";
    throw new ProviderError({ code: "upstream_protocol_error", message, upstreamStatus: response.status });
  }

  return {
    baseURL,
    async chat(body, call) {
      return readEvents((await send("/api/chat", body, call)).body, parseChatEvent);
    },
    tags: (call) => ask("/api/tags", parseTags, undefined, call),
    async show(model, call) {
      try {
        return await ask("/api/show", parseShow, { model }, call);
      } catch (error) {
        if (error instanceof ProviderError && error.code === "model_not_found") return undefined;
        throw error;
      }
    },
    ps: (call) => ask("/api/ps", parsePs, undefined, call),
    version: (call) => ask("/api/version", parseVersion, undefined, call),
  };
}

const MAX_ERROR_BYTES = 64 * 1024;
/** `/api/show` lists every tensor. */
const MAX_REPLY_BYTES = 32 * 1024 * 1024;

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * A caller's headers may add, never speak for the host's owner or as another site: Ollama answers 403 to a foreign
 * Host or Origin.
 */
function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  const { authorization, cookie, host, origin, "proxy-authorization": _, ...rest } = headers;
  return rest;
}

function retryAfter(seconds: string | undefined): number | undefined {
  const value = Number(seconds);
  return seconds !== undefined && Number.isFinite(value) && value >= 0 ? value * 1000 : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
