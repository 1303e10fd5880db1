import type { Capabilities, ProviderErrorCode } from "@llamaduct/core";
import { NO_EMBEDDINGS, NO_IMAGES, NO_SUFFIX } from "./refused-capability.ts";
import type { InputPaths } from "./to-host-error.ts";

/** What an error means to the caller. */
export interface Outcome {
  readonly code: ProviderErrorCode;
  readonly message: string;
  readonly setting?: string | undefined;
}

/** What a text says, wherever the server wraps it. */
export interface Rule {
  readonly pattern: RegExp;
  readonly code: ProviderErrorCode;
  readonly setting?: string | ((paths: InputPaths, match: RegExpMatchArray) => string);
  readonly message: string | ((match: RegExpMatchArray, details: Readonly<Record<string, unknown>>) => string);
  /** It is the model that cannot, not this request. */
  readonly lacks?: keyof Capabilities;
}

/** Texts of Ollama 0.24 to 0.33 and of the engines under it. Matched loosely: their wording changes often. */
export const HOST_ERROR_RULES: readonly Rule[] = [
  {
    pattern:
      /exceeds? the (available |model's maximum )?context (size|length)|longer than the context length|context size has been exceeded/i,
    code: "context_length_exceeded",
    setting: ({ text }) => text,
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
    lacks: "tools",
  },
  {
    pattern: /does not support thinking/,
    code: "unsupported",
    setting: "reasoning",
    message: "This model does not support reasoning.",
    lacks: "reasoning",
  },
  {
    pattern: /does not support insert/,
    code: "unsupported",
    setting: "suffix",
    message: NO_SUFFIX,
    lacks: "suffix",
  },
  {
    pattern: /image input is not supported|multimodal data provided|does not support image/i,
    code: "unsupported",
    setting: ({ images }) => images,
    message: NO_IMAGES,
    lacks: "images",
  },
  {
    pattern: /only supports one image/,
    code: "unsupported",
    setting: ({ images }) => images,
    message: "This model takes one image, not several.",
  },
  {
    pattern: /does not support (chat|generate)/,
    code: "unsupported",
    setting: "model",
    message: ([, kind]) => `This model does not support ${kind}.`,
  },
  {
    pattern: /does not support embeddings/,
    code: "unsupported",
    setting: "model",
    message: NO_EMBEDDINGS,
    lacks: "embeddings",
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
    setting: ({ images }) => images,
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
    setting: (_, [, name]) => `extra.${name}`,
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
  {
    pattern: /detokenize error/,
    code: "invalid_value",
    setting: "extra.context",
    message: "The context has a token that the model does not know.",
  },
  { pattern: /^template: /, code: "invalid_value", setting: "extra.template", message: "The template does not parse." },
  { pattern: /^model ['"].*['"] not found/s, code: "model_not_found", message: "The server does not have this model." },
  {
    pattern: /pull model manifest: file does not exist/,
    code: "model_not_found",
    message: "The registry does not have this model.",
  },
  {
    pattern: /^pull model manifest: /,
    code: "upstream_error",
    message: "The server could not fetch the model from its registry.",
  },
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
