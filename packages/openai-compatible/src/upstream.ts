import { type CallOptions, type JsonObject, ProviderError } from "@llamaduct/core";
import { callHeaders, readText, type TransportResponse } from "@llamaduct/http";
import type { Server } from "./to-server.ts";
import { toUpstreamError } from "./to-upstream-error.ts";

const MAX_ERROR_BYTES = 64 * 1024;

/** One question: `POST` with a body, `GET` without. */
export interface Question {
  readonly path: string;
  readonly body?: JsonObject | undefined;
  readonly call?: CallOptions | undefined;
}

/** A server to ask. Throws `ProviderError`, or the signal's own reason. */
export interface Upstream {
  /** The bytes of an event stream, once the server has accepted. */
  stream(path: string, body: JsonObject, call?: CallOptions): Promise<AsyncIterable<Uint8Array>>;
  /** A whole answer. */
  ask<Reply>(question: Question, parse: (value: unknown) => Reply | undefined): Promise<Reply>;
}

export function createUpstream({ baseURL, headers: ownHeaders, transport }: Server): Upstream {
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
