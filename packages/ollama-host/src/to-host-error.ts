import { ProviderError, type ProviderErrorCode } from "@llamaduct/core";

/** What a server answered instead of the expected reply. */
export interface Refusal {
  /** HTTP status; 200 for an error line inside a stream. */
  readonly status: number;
  /** The body, or the error line. */
  readonly text: string;
  readonly retryAfterMs?: number | undefined;
}

/**
 * Classifies a refusal by its text first, since Ollama's statuses mislead (bad options are 500, a missing capability
 * 400), by its status otherwise. The text itself stays in `upstreamMessage`.
 */
export function toHostError({ status, text, retryAfterMs }: Refusal): ProviderError {
  const said = readError(text);
  const rule = RULES.find(({ pattern }) => pattern.test(said.message));
  const { code, setting, message } = rule === undefined ? byStatus(status, said.message) : applied(rule, said);
  return new ProviderError({
    code,
    message,
    setting,
    upstreamStatus: status,
    upstreamMessage: said.message === "" ? undefined : said.message,
    retryAfterMs,
  });
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

interface Outcome {
  readonly code: ProviderErrorCode;
  readonly message: string;
  readonly setting?: string | undefined;
}

interface Rule {
  readonly pattern: RegExp;
  readonly code: ProviderErrorCode;
  readonly setting?: string | ((match: RegExpMatchArray) => string);
  readonly message: string | ((match: RegExpMatchArray, details: ErrorText["details"]) => string);
}

/** Texts of Ollama 0.24 to 0.33 and of the engines under it. Matched loosely: their wording changes often. */
const RULES: readonly Rule[] = [
  {
    pattern:
      /exceeds? the (available |model's maximum )?context (size|length)|longer than the context length|context size has been exceeded/i,
    code: "context_length_exceeded",
    setting: "messages",
    message: (_, { n_prompt_tokens: prompt, n_ctx: window }) =>
      typeof prompt === "number" && typeof window === "number"
        ? `The prompt has ${prompt} tokens; the model's context window holds ${window}.`
        : "The prompt is longer than the model's context window.",
  },
  {
    pattern: /does not support tools/,
    code: "unsupported",
    setting: "tools",
    message: "This model does not support tools.",
  },
  {
    pattern: /does not support thinking/,
    code: "unsupported",
    setting: "reasoning",
    message: "This model does not support reasoning.",
  },
  {
    pattern: /does not support insert/,
    code: "unsupported",
    setting: "suffix",
    message: "This model cannot fill in the middle: it has no place for a suffix.",
  },
  {
    pattern: /image input is not supported|multimodal data provided|does not support image|only supports one image/i,
    code: "unsupported",
    setting: "messages",
    message: "This model does not take images.",
  },
  {
    pattern: /does not support (chat|generate|embeddings)/i,
    code: "unsupported",
    setting: "model",
    message: ([, kind]) => `This model does not support ${kind?.toLowerCase()}.`,
  },
  {
    pattern: /image generation models are not currently supported/,
    code: "unsupported",
    setting: "model",
    message: "This model makes images; it does not chat.",
  },
  {
    pattern: /illegal base64 data|invalid image input|failed to (load|decode) image/i,
    code: "invalid_value",
    setting: "messages",
    message: "An image is not one that the server can read.",
  },
  {
    pattern: /invalid think value|think must be/,
    code: "invalid_value",
    setting: "extra.think",
    message: 'think must be true, false, "low", "medium", "high" or "max".',
  },
  {
    pattern: /top_logprobs must be/,
    code: "invalid_value",
    setting: "settings.logprobs",
    message: "The number of alternatives per token must be between 0 and 20.",
  },
  {
    pattern: /option "(\w+)" must be of type (.+)/,
    code: "invalid_value",
    setting: ([, name]) => `extra.${name}`,
    message: ([, name, type]) => `${name} must be of type ${type}.`,
  },
  {
    pattern:
      /invalid format:|invalid JSON schema|schema conversion failed|failed to (parse|initialize) grammar|error parsing grammar/i,
    code: "invalid_value",
    setting: "responseFormat",
    message: "The server cannot hold an answer to this JSON schema.",
  },
  {
    pattern: /missing unit in duration|invalid duration|Unsupported type: '/,
    code: "invalid_value",
    setting: "extra.keep_alive",
    message: 'keep_alive must be a number of seconds or a duration such as "5m".',
  },
  {
    pattern: /raw mode does not support/,
    code: "invalid_value",
    setting: "extra.raw",
    message: "raw takes no template, system or context beside it.",
  },
  { pattern: /^template: /, code: "invalid_value", setting: "extra.template", message: "The template does not parse." },
  { pattern: /^model ['"].*['"] not found/, code: "model_not_found", message: "The server does not have this model." },
  {
    pattern: /invalid model name|model is required/,
    code: "invalid_value",
    setting: "model",
    message: "The model's name is not one that the server accepts.",
  },
  {
    pattern: /server busy|maximum pending requests/,
    code: "upstream_busy",
    message: "The server's queue is full.",
  },
  {
    pattern: /timed out waiting for .* to start/,
    code: "upstream_error",
    message: "The model did not load in time; OLLAMA_LOAD_TIMEOUT on the server sets how long loading may stall.",
  },
  {
    pattern: /out[- ]of[- ]memory|requires more system memory|unable to load full model on GPU/i,
    code: "upstream_error",
    message: "The server has not enough memory for this model.",
  },
  {
    pattern: /process has terminated|runner has unexpectedly stopped|encountered while running the model/,
    code: "upstream_error",
    message: "The model's process stopped on the server.",
  },
  {
    pattern: /invalid tool call arguments|error parsing tool call/,
    code: "upstream_error",
    message: "The model wrote a tool call that the server could not parse.",
  },
];

function applied({ pattern, code, setting, message }: Rule, said: ErrorText): Outcome {
  const match = said.message.match(pattern) ?? [said.message];
  return {
    code,
    setting: typeof setting === "function" ? setting(match) : setting,
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
