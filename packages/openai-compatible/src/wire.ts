import { z } from "zod";

// What servers send, as far as it is used. Everything is optional: an unforeseen event says nothing rather than breaking
// the stream.

/** One event of a streamed chat or text completion. */
export interface Chunk {
  readonly choices?: readonly Choice[] | null | undefined;
  readonly usage?: WireUsage | null | undefined;
  /** llama.cpp's. */
  readonly timings?: WireTimings | null | undefined;
}

export interface Choice {
  readonly index?: number | null | undefined;
  /** Of a chat. */
  readonly delta?: Delta | null | undefined;
  /** Of a text completion. */
  readonly text?: string | null | undefined;
  readonly finish_reason?: string | null | undefined;
  readonly logprobs?: WireLogprobs | null | undefined;
}

export interface Delta {
  readonly content?: string | null | undefined;
  readonly refusal?: string | null | undefined;
  /** Of llama.cpp, vLLM, DeepSeek… */
  readonly reasoning_content?: string | null | undefined;
  /** Of Ollama, OpenRouter and newer vLLM; servers that send both mean the same text. */
  readonly reasoning?: string | null | undefined;
  readonly tool_calls?: readonly ToolCallDelta[] | null | undefined;
}

export interface ToolCallDelta {
  readonly index?: number | null | undefined;
  readonly id?: string | null | undefined;
  readonly function?:
    | { readonly name?: string | null | undefined; readonly arguments?: string | null | undefined }
    | null
    | undefined;
}

export interface WireUsage {
  readonly prompt_tokens?: number | null | undefined;
  readonly completion_tokens?: number | null | undefined;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null | undefined } | null | undefined;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null | undefined } | null | undefined;
}

export interface WireTimings {
  readonly prompt_ms?: number | null | undefined;
  readonly predicted_ms?: number | null | undefined;
}

/** A chat's form, or that of OpenAI's text completions: lists side by side. */
export interface WireLogprobs {
  readonly content?: readonly WireLogprob[] | null | undefined;
  readonly tokens?: readonly string[] | null | undefined;
  readonly token_logprobs?: readonly (number | null)[] | null | undefined;
  readonly top_logprobs?: readonly (Readonly<Record<string, number>> | null)[] | null | undefined;
}

export interface WireTopLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[] | null | undefined;
}

export interface WireLogprob extends WireTopLogprob {
  readonly top_logprobs?: readonly WireTopLogprob[] | null | undefined;
}

export interface EmbeddingReply {
  readonly data: readonly { readonly index?: number | null | undefined; readonly embedding: readonly number[] }[];
  readonly usage?: WireUsage | null | undefined;
}

export interface ListedModel {
  readonly id: string;
  readonly owned_by?: string | null | undefined;
  /** vLLM's. */
  readonly max_model_len?: number | null | undefined;
  /** OpenRouter's and others'. */
  readonly context_length?: number | null | undefined;
  /** llama.cpp's: what it was started with, what the model was trained with. */
  readonly meta?:
    | { readonly n_ctx?: number | null | undefined; readonly n_ctx_train?: number | null | undefined }
    | null
    | undefined;
}

const text = z.string().nullish();
const number = z.number().nullish();
const topLogprob = { token: z.string(), logprob: z.number(), bytes: z.array(z.number()).nullish() };

const usage: z.ZodType<WireUsage> = z.object({
  prompt_tokens: number,
  completion_tokens: number,
  prompt_tokens_details: z.object({ cached_tokens: number }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: number }).nullish(),
});

const logprobs: z.ZodType<WireLogprobs> = z.object({
  content: z.array(z.object({ ...topLogprob, top_logprobs: z.array(z.object(topLogprob)).nullish() })).nullish(),
  tokens: z.array(z.string()).nullish(),
  token_logprobs: z.array(z.number().nullable()).nullish(),
  top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
});

const toolCall: z.ZodType<ToolCallDelta> = z.object({
  index: number,
  id: text,
  function: z.object({ name: text, arguments: text }).nullish(),
});

const delta: z.ZodType<Delta> = z.object({
  content: text,
  refusal: text,
  reasoning_content: text,
  reasoning: text,
  tool_calls: z.array(toolCall).nullish(),
});

const chunk: z.ZodType<Chunk> = z.object({
  choices: z
    .array(
      z.object({
        index: number,
        delta: delta.nullish(),
        text,
        finish_reason: text,
        logprobs: logprobs.nullish(),
      }),
    )
    .nullish(),
  usage: usage.nullish(),
  timings: z.object({ prompt_ms: number, predicted_ms: number }).nullish(),
});

const embeddingReply: z.ZodType<EmbeddingReply> = z.object({
  data: z.array(z.object({ index: number, embedding: z.array(z.number()) })),
  usage: usage.nullish(),
});

const models: z.ZodType<{ readonly data: readonly ListedModel[] }> = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      owned_by: text,
      max_model_len: number,
      context_length: number,
      meta: z.object({ n_ctx: number, n_ctx_train: number }).nullish(),
    }),
  ),
});

// Each gives the value, or `undefined` when a known field has a wrong type.

export function parseChunk(value: unknown): Chunk | undefined {
  return chunk.safeParse(value).data;
}

export function parseEmbeddings(value: unknown): EmbeddingReply | undefined {
  return embeddingReply.safeParse(value).data;
}

export function parseModels(value: unknown): { readonly data: readonly ListedModel[] } | undefined {
  return models.safeParse(value).data;
}
