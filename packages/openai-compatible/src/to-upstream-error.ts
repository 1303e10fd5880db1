import { ProviderError, type ProviderErrorCode } from "@llamaduct/core";
import { retryAfterMs } from "@llamaduct/http";
import { FIELD_OF_SETTING } from "./to-request-fields.ts";

/** What a server answered instead of the expected reply. */
export interface Refusal {
  /** HTTP status; 200 for an error event inside a stream. */
  readonly status: number;
  /** The body, or the event's data. */
  readonly text: string;
  readonly retryAfter?: string | undefined;
}

/** Classifies a refusal by its code and words first, by its status otherwise. The words themselves stay in `upstreamMessage`. */
export function toUpstreamError({ status, text, retryAfter }: Refusal): ProviderError {
  const said = readError(text);
  const rule = RULES.find(({ pattern }) => pattern.test(said.code) || pattern.test(said.message));
  return new ProviderError({
    ...(rule ?? byStatus(status, said)),
    upstreamStatus: status,
    upstreamMessage: said.message === "" ? undefined : said.message,
    retryAfterMs: retryAfterMs(retryAfter),
  });
}

interface Outcome {
  readonly code: ProviderErrorCode;
  readonly message: string;
  readonly setting?: string | undefined;
}

/** Texts and codes of OpenAI, vLLM, llama.cpp and Ollama. Matched loosely: their wording changes often. */
const RULES: readonly (Outcome & { readonly pattern: RegExp })[] = [
  {
    pattern:
      /context_length_exceeded|exceed_context_size|maximum (context|model) length|(exceeds?|longer than) .*context/i,
    code: "context_length_exceeded",
    message: "The prompt is longer than the model's context window.",
  },
  {
    pattern: /does not support tools|tool choice requires|tools param requires/i,
    code: "unsupported",
    setting: "tools",
    message: "This model, or its server as it was started, does not support tools.",
  },
  {
    pattern: /does not support thinking|does not support reasoning/i,
    code: "unsupported",
    setting: "reasoning",
    message: "This model does not support reasoning.",
  },
  {
    pattern: /not a multimodal model|multimodal data provided|image input is not supported|does not support image/i,
    code: "unsupported",
    setting: "messages",
    message: "This model does not take images.",
  },
  {
    pattern: /does not support insert|suffix is not/i,
    code: "unsupported",
    setting: "suffix",
    message: "This model cannot fill in the middle: it has no place for a suffix.",
  },
  {
    pattern: /does not support (chat|completions|embeddings)|not a chat model/i,
    code: "unsupported",
    setting: "model",
    message: "This model does not do this kind of work.",
  },
  {
    pattern: /model_not_found|model .*(not found|does not exist)/i,
    code: "model_not_found",
    message: "The server does not have this model.",
  },
];

/** Longer ones would only cost time to search. */
const MAX_MESSAGE_LENGTH = 2000;

interface ErrorText {
  readonly code: string;
  readonly message: string;
  readonly param: string | undefined;
}

/** OpenAI's `{ error: { message, code, param } }`, the same without its envelope (older vLLM), or a bare string. */
function readError(text: string): ErrorText {
  const body = asObject(parseJson(text));
  const error = asObject(body["error"] ?? body);
  const message = typeof body["error"] === "string" ? body["error"] : (asString(error["message"]) ?? text.trim());
  const code = asString(error["code"]) ?? asString(error["type"]) ?? "";
  return { code, message: message.slice(0, MAX_MESSAGE_LENGTH), param: asString(error["param"]) };
}

function byStatus(status: number, { param }: ErrorText): Outcome {
  if (status === 401 || status === 407)
    return { code: "upstream_auth_failed", message: "The server does not accept the key configured for it." };
  if (status === 403)
    return { code: "upstream_auth_failed", message: "The server refuses this key what was asked for." };
  if (status === 429) return { code: "rate_limit_exceeded", message: "The server asks for fewer requests." };
  if (status === 503 || status === 529) return { code: "upstream_busy", message: "The server is busy." };
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return {
      code: "upstream_protocol_error",
      message: "There is no OpenAI API at the server's base URL. Most end in /v1.",
    };
  if (status === 413) return { code: "invalid_value", message: "The request is too large for the server." };
  if (status === 400 || status === 422)
    return { code: "invalid_value", message: "The server calls the request invalid.", setting: toSetting(param) };
  if (status >= 400) return { code: "upstream_error", message: `The server failed with status ${status}.` };
  return { code: "upstream_error", message: "The server failed while it answered." };
}

/** OpenAI's names → contract paths. A parameter that is none of these stays unsaid: it is the server's own text. */
const SETTING_OF_FIELD: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(FIELD_OF_SETTING).map(([name, field]) => [field, `settings.${name}`])),
  max_completion_tokens: "settings.maxOutputTokens",
  logprobs: "settings.logprobs",
  top_logprobs: "settings.logprobs",
  messages: "messages",
  prompt: "prompt",
  suffix: "suffix",
  input: "input",
  dimensions: "dimensions",
  tools: "tools",
  tool_choice: "toolChoice",
  parallel_tool_calls: "parallelToolCalls",
  response_format: "responseFormat",
  reasoning_effort: "reasoning",
};

function toSetting(param: string | undefined): string | undefined {
  const [field = ""] = param?.match(/^\w+/) ?? [];
  return Object.hasOwn(SETTING_OF_FIELD, field) ? SETTING_OF_FIELD[field] : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  // An object of JSON has string keys.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
