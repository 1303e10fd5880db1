import { type Capabilities, ProviderError } from "@llamaduct/core";
import { HOST_ERROR_RULES, type Outcome, type Rule } from "./host-error-rules.ts";

/** What a server answered instead of the expected reply. */
export interface Refusal {
  /** HTTP status; 200 for an error line inside a stream. */
  readonly status: number;
  /** The body, or the error line. */
  readonly text: string;
  readonly retryAfterMs?: number | undefined;
}

/** Where the caller's own request has what errors may be about, as contract paths. */
export interface InputPaths {
  readonly text: string;
  readonly images: string;
}

export interface HostError {
  readonly error: ProviderError;
  /** What the model turned out not to have. */
  readonly lacks: keyof Capabilities | undefined;
}

/**
 * Classifies a refusal by its text first, since Ollama's statuses mislead (bad options are 500, a missing capability
 * 400), by its status otherwise. The text itself stays in `upstreamMessage`.
 */
export function toHostError({ status, text, retryAfterMs }: Refusal, paths: InputPaths): HostError {
  const said = readError(text);
  const rule = HOST_ERROR_RULES.find(({ pattern }) => pattern.test(said.message));
  const outcome = rule === undefined ? byStatus(status, said.message) : applied(rule, said, paths);
  const error = new ProviderError({
    code: outcome.code,
    message: outcome.message,
    setting: outcome.setting,
    upstreamStatus: status,
    upstreamMessage: said.message === "" ? undefined : said.message,
    retryAfterMs,
  });
  return { error, lacks: rule?.lacks };
}

interface ErrorText {
  readonly message: string;
  /** Fields the engine adds beside its message. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * The error's own words: a string, an object with a `message`, or the engine's JSON as text inside the string, with
 * log lines after it at times.
 */
function readError(text: string): ErrorText {
  const outer = parseObject(text)?.error ?? text;
  if (typeof outer === "object" && outer !== null) return fromObject(outer as Record<string, unknown>, text);
  const message = String(outer);
  const inner = parseObject(message) ?? parseObject(message.slice(0, message.lastIndexOf("}") + 1));
  const error = inner?.error ?? inner;
  return typeof error === "object" && error !== null
    ? fromObject(error as Record<string, unknown>, message)
    : { message: message.trim(), details: {} };
}

function fromObject(error: Readonly<Record<string, unknown>>, text: string): ErrorText {
  const { message } = error;
  return { message: typeof message === "string" ? message : text, details: error };
}

function parseObject(text: string): { readonly error?: unknown } | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    // A text that starts with a brace parses to an object or not at all.
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

function applied({ pattern, code, setting, message }: Rule, said: ErrorText, paths: InputPaths): Outcome {
  const match = said.message.match(pattern) ?? [said.message];
  return {
    code,
    setting: typeof setting === "function" ? setting(paths, match) : setting,
    message: typeof message === "function" ? message(match, said.details) : message,
  };
}

function byStatus(status: number, text: string): Outcome {
  if (status === 401 || status === 407)
    return { code: "upstream_auth_failed", message: "The server does not accept the key configured for it." };
  if (status === 403)
    return {
      code: "upstream_auth_failed",
      message: "The server refuses to answer this gateway: it checks the key, the Host or the Origin header.",
    };
  if (status === 429) return { code: "rate_limit_exceeded", message: "The server asks for fewer requests." };
  if (status === 503) return { code: "upstream_busy", message: "The server is busy." };
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return { code: "upstream_protocol_error", message: "There is no Ollama API at the server's base URL." };
  if (status === 413) return { code: "invalid_value", message: "The request is too large for the server." };
  if (status === 400 || status === 422)
    return { code: "invalid_value", message: "The server calls the request invalid." };
  if (status >= 400) return { code: "upstream_error", message: `The server failed with status ${status}.` };
  return {
    code: "upstream_error",
    message: text === "" ? "The server failed." : "The server failed while it answered.",
  };
}
