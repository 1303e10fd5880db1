import { ProviderError, type ProviderErrorCode } from "@llamaduct/core";
import { hostOf } from "./target.ts";
import { ADDRESS_REFUSED, type FailurePlace } from "./transport-failure.ts";

/**
 * What undici, or a `fetch` built on it, reports → the project's code and sentence. The phase decides and then the
 * error's name: one `code` stands for different faults in different phases, and parser errors have none.
 */
export function toTransportError(error: unknown, at: FailurePlace): ProviderError {
  const name = error instanceof Error ? error.name : "";
  return new ProviderError({ ...describe(name, error, at), cause: error });
}

interface Description {
  readonly code: ProviderErrorCode;
  readonly message: string;
}

function describe(name: string, error: unknown, { phase, url }: FailurePlace): Description {
  const host = hostOf(url);
  if (name === "InvalidArgumentError" || name === "NotSupportedError") {
    return { code: "invalid_value", message: `The request to ${host} has a header or a path that HTTP cannot carry.` };
  }
  if (name === "ResponseExceededMaxSizeError") {
    return {
      code: "upstream_response_too_large",
      message: `${host} sent a larger response than this transport allows.`,
    };
  }
  if (name === "HeadersOverflowError") {
    return {
      code: "upstream_protocol_error",
      message: `${host} sent larger response headers than this transport allows.`,
    };
  }
  if (phase === "head" || (name === "HTTPParserError" && !isEarlyEnd(error))) {
    return { code: "upstream_protocol_error", message: `${host} did not answer with valid HTTP.` };
  }
  if (phase === "body") {
    return { code: "upstream_stream_interrupted", message: `${host} broke off in the middle of a response.` };
  }
  return { code: "upstream_connection_failed", message: connectionFailure(error, { phase, url }) };
}

/** Where the peer ends the connection inside a body, the parser complains too: about the end, with no bytes to show. */
function isEarlyEnd(parserError: unknown): boolean {
  return property(parserError, "data") === "";
}

function connectionFailure(error: unknown, { phase, url }: FailurePlace): string {
  const host = hostOf(url);
  switch (property(error, "code")) {
    case "ECONNREFUSED":
      return `Nothing is listening at ${host}: the connection was refused.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The name of ${host} could not be resolved.`;
    case ADDRESS_REFUSED:
      return `${host} has an address that this transport must not connect to.`;
    case "UND_ERR_CONNECT_TIMEOUT":
      return `${host} did not accept a connection in time.`;
    default:
      if (phase === "waiting") return `The connection to ${host} failed before it answered.`;
      return `No ${url.protocol === "https:" ? "secure connection" : "connection"} to ${host} could be made.`;
  }
}

function property(value: unknown, key: "code" | "data"): unknown {
  return typeof value === "object" && value !== null ? (value as { code?: unknown; data?: unknown })[key] : undefined;
}
