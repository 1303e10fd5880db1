import type { ChatRequest, JsonObject, ResponseFormat, Settings, Warning } from "@llamaduct/core";
import type { ChatCompletionRequest, ResponseFormatParam } from "./chat-completion-request.ts";
import { invalidField, toFieldError, unsupportedField } from "./field-error.ts";
import { isJson, MAX_JSON_DEPTH } from "./json.ts";
import { present } from "./present.ts";
import { requestSchema, schemaFields } from "./request-schema.ts";
import { toMessages } from "./to-messages.ts";
import { toTools } from "./to-tools.ts";

/** What a chat completion request asks for, and how it wants to be answered. */
export interface DecodedChatRequest {
  readonly model: string;
  readonly stream: boolean;
  /** `stream_options.include_usage`: the stream ends with a chunk that holds the usage. */
  readonly includeUsage: boolean;
  readonly request: ChatRequest;
  /** OpenAI fields that are accepted and change nothing here; `setting` is the field as OpenAI spells it. */
  readonly warnings: readonly Warning[];
}

/**
 * The body of `POST /v1/chat/completions`, parsed from JSON, to the contract's request.
 * Throws a `ProviderError` (`invalid_value` or `unsupported`) whose `setting` is the dotted path of the field that is to
 * blame, e.g. `messages.0.content`. Fields that OpenAI does not have go to `request.extra`.
 */
export function decodeChatRequest(body: unknown): DecodedChatRequest {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) throw toFieldError(parsed.error.issues, body);
  const request = parsed.data;
  if ((request.n ?? 1) > 1) throw unsupportedField("n", "One request gives one answer.");
  // The schema has proven that the body is an object; its result no longer holds the fields it does not know.
  const fields = Object.entries(body as object);
  return {
    model: request.model,
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    request: present<ChatRequest>({
      messages: toMessages(request.messages),
      ...toTools(request),
      settings: toSettings(request),
      reasoning: toEffort(request.reasoning_effort),
      responseFormat: request.response_format && toResponseFormat(request.response_format),
      extra: toExtra(fields),
    }),
    warnings: [...fields.flatMap(toWarning), ...ignoredDetails(request)],
  };
}

function toSettings(request: ChatCompletionRequest): Settings | undefined {
  const stop = typeof request.stop === "string" ? [request.stop] : (request.stop ?? []);
  const logitBias = request.logit_bias ?? {};
  const settings = present<Settings>({
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    topK: request.top_k,
    minP: request.min_p,
    frequencyPenalty: request.frequency_penalty,
    presencePenalty: request.presence_penalty,
    // Empty ones ask for nothing, and must not replace what a model brings along.
    logitBias: Object.keys(logitBias).length === 0 ? undefined : logitBias,
    seed: request.seed,
    stop: stop.length === 0 ? undefined : stop,
    logprobs: toLogprobs(request),
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

function toLogprobs({ logprobs, top_logprobs: top }: ChatCompletionRequest): number | undefined {
  if (logprobs === true) return top ?? 0;
  if (top !== undefined && top !== null) throw invalidField("top_logprobs", "needs logprobs to be true");
  return undefined;
}

function toEffort(effort: ChatCompletionRequest["reasoning_effort"]): ChatRequest["reasoning"] {
  return (typeof effort === "string" ? effort : effort?.effort) ?? undefined;
}

function toResponseFormat(format: ResponseFormatParam): ResponseFormat {
  if (format.type === "text") return { type: "text" };
  if (format.type === "json_object") return { type: "json" };
  const { schema, strict } = format.json_schema;
  // The schema has proven that it is JSON.
  return present<ResponseFormat>({ type: "json", schema: schema as JsonObject, strict });
}

/** OpenAI's fields about storage, billing and caching on its own servers, and hints that change no meaning. */
const NO_EFFECT: ReadonlySet<string> = new Set([
  "metadata",
  "prediction",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "safety_identifier",
  "service_tier",
  "store",
  "user",
  "verbosity",
]);

function toExtra(fields: readonly (readonly [string, unknown])[]): JsonObject | undefined {
  const extra = fields.flatMap(([name, value]) => {
    if (value === undefined || value === null || schemaFields.has(name) || NO_EFFECT.has(name)) return [];
    if (!isJson(value)) throw invalidField(name.slice(0, 128), `must be JSON of at most ${MAX_JSON_DEPTH} levels`);
    return [[name, value] as const];
  });
  return extra.length === 0 ? undefined : Object.fromEntries(extra);
}

function toWarning([name, value]: readonly [string, unknown]): readonly Warning[] {
  return value !== undefined && value !== null && NO_EFFECT.has(name) ? [noEffect(name)] : [];
}

/** What the contract has no place for inside fields that it does carry. */
function ignoredDetails({
  tools,
  response_format: format,
  stream_options: options,
}: ChatCompletionRequest): readonly Warning[] {
  const strict = (tools ?? []).findIndex((tool) => tool.function.strict === true);
  return [
    ...(strict === -1 ? [] : [noEffect(`tools.${strict}.function.strict`)]),
    ...(format?.type === "json_schema" && format.json_schema.description
      ? [noEffect("response_format.json_schema.description")]
      : []),
    ...(options?.include_obfuscation === true ? [noEffect("stream_options.include_obfuscation")] : []),
  ];
}

function noEffect(setting: string): Warning {
  return { setting, message: `${setting} has no effect here.` };
}
