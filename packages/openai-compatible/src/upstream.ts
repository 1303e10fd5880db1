import { type CallOptions, type JsonObject, ProviderError } from "@llamaduct/core";
import {
  callHeaders,
  createTransport,
  lowerCaseNames,
  readText,
  type Transport,
  type TransportResponse,
} from "@llamaduct/http";
import type { ServerTraits } from "./to-chat-body.ts";
import { toUpstreamError } from "./to-upstream-error.ts";

const OPENAI_URL = "https://api.openai.com/v1";
const MAX_ERROR_BYTES = 64 * 1024;

export interface UpstreamOptions {
  readonly baseURL?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly transport?: Transport | undefined;
}

/** One question: `POST` with a body, `GET` without. */
export interface Question {
  readonly path: string;
  readonly body?: JsonObject | undefined;
  readonly call?: CallOptions | undefined;
}

/** One server. Its methods throw `ProviderError`, or the signal's own reason. */
export interface Upstream extends ServerTraits {
  /** The bytes of an event stream, once the server has accepted. */
  stream(path: string, body: JsonObject, call?: CallOptions): Promise<AsyncIterable<Uint8Array>>;
  /** A whole answer. */
  ask<Reply>(question: Question, parse: (value: unknown) => Reply | undefined): Promise<Reply>;
}

/** Opens nothing: the first request does. Throws `invalid_value` naming `baseURL` when that cannot be used. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const ownHeaders = {
    ...lowerCaseNames(options.headers),
    ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
  };
  const baseURL = toBaseURL(options.baseURL, "authorization" in ownHeaders);
  const transport = options.transport ?? createTransport();

  async function send({ path, body, call = {} }: Question): Promise<TransportResponse> {
    const response = await transport({
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
    if (response.status === 200) return response;
    const text = await readText(response.body, MAX_ERROR_BYTES);
    throw toUpstreamError({ status: response.status, text, retryAfter: response.headers["retry-after"] });
  }

  return {
    isOpenAI: baseURL === OPENAI_URL,
    async stream(path, body, call) {
      const { headers, body: bytes } = await send({ path, body, call });
      if (!headers["content-type"]?.includes("json")) return bytes;
      const text = await readText(bytes);
      if (isError(text)) throw toUpstreamError({ status: 200, text });
      throw protocolError("did not stream its answer", text);
    },
    async ask(question, parse) {
      const text = await readText((await send(question)).body);
      const reply = parse(parseJson(text));
      if (reply === undefined) throw protocolError("sent a reply that is not OpenAI's", text);
      return reply;
    },
  };
}

/** Kept as given: the API need not lie under `/v1`. What people paste along with it is cut off. */
function toBaseURL(input: string | undefined, hasCredentials: boolean): string {
  const text = input?.trim() ?? "";
  // A forgotten base URL must not send somebody's prompts to OpenAI.
  if (text === "" && !hasCredentials) throw invalid("There is neither a base URL nor a key for OpenAI's own server.");
  const url = URL.parse(text === "" ? OPENAI_URL : text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid("The base URL is not an http or https URL.");
  if (url.username !== "" || url.password !== "")
    throw invalid("The base URL holds credentials; they belong into the key or the headers.");
  const path = url.pathname.replace(/(?<!\/)\/+$/, "");
  return url.origin + path.replace(/\/((chat\/)?completions|embeddings|models)$/, "");
}

function invalid(message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting: "baseURL" });
}

function protocolError(what: string, text: string): ProviderError {
  return new ProviderError({
    code: "upstream_protocol_error",
    message: `The server ${what}.`,
    upstreamStatus: 200,
    upstreamMessage: text,
  });
}

function isError(text: string): boolean {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && "error" in value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
