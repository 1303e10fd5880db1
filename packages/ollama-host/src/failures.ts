// What is said of failures. Loaded by the first: who gets answers has no need of it.
import { ProviderError } from "@llamaduct/core";
import { retryAfterMs, type TransportResponse } from "@llamaduct/http";
import { notOllama } from "./reach-hint.ts";
import { type HostError, type InputPaths, toHostError } from "./to-host-error.ts";

export { notOllama, withReachHint } from "./reach-hint.ts";

export interface RefusedQuestion extends Pick<TransportResponse, "status" | "headers"> {
  readonly baseURL: string;
  /** The body. */
  readonly text: string;
  readonly paths: InputPaths;
}

/** A response that is no answer: what the server says of it, or that no Ollama server would say so. */
export function toRefusal({ baseURL, paths, ...response }: RefusedQuestion): HostError {
  const { status, text, headers } = response;
  const told = toHostError({ status, text, retryAfterMs: retryAfterMs(headers["retry-after"]) }, paths);
  const isForeign = status === 200 || told.error.code === "upstream_protocol_error";
  return isForeign ? { error: notOllama(baseURL, response), lacks: undefined } : told;
}

/** A line of a stream that is no event: the server's error, or not the protocol. */
export function toLineError(line: string, paths: InputPaths): ProviderError {
  const value = parseJson(line);
  if (value === undefined) return protocolError("a line that is not JSON", line);
  if (typeof value === "object" && value !== null && "error" in value)
    return toHostError({ status: 200, text: line }, paths).error;
  return protocolError("a line of another shape", line);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function protocolError(what: string, line: string): ProviderError {
  return new ProviderError({
    code: "upstream_protocol_error",
    message: `The server sent ${what}.`,
    upstreamStatus: 200,
    upstreamMessage: line,
  });
}
