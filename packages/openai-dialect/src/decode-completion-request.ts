import type { TextRequest, Warning } from "@llamaduct/core";
import { z } from "zod";
import { applyDropParams } from "./apply-drop-params.ts";
import { invalidField, toFieldError, tokensError } from "./field-error.ts";
import { detailsWithoutEffect, fieldsWithoutEffect } from "./no-effect.ts";
import { present } from "./present.ts";
import { generationFields } from "./request-fields.ts";
import type { TextCompletionRequest } from "./text-completion-request.ts";
import { toEffort } from "./to-effort.ts";
import { toExtra } from "./to-extra.ts";
import { toImageParts } from "./to-image-part.ts";
import { toFormatAndExtra } from "./to-response-format.ts";
import { toSettings } from "./to-settings.ts";

/** What a text completion request asks for, and how it wants to be answered: `bestOf` answers to each prompt. */
export interface DecodedCompletionRequest {
  readonly model: string;
  readonly stream: boolean;
  /** `stream_options.include_usage`: the stream ends with a chunk that holds the usage. */
  readonly includeUsage: boolean;
  /** One or more, in the order of their choices. */
  readonly prompts: readonly string[];
  /** Choices per prompt. */
  readonly n: number;
  /** Answers to make per prompt, at least `n`; the likeliest are the choices. In a stream it is `n`. */
  readonly bestOf: number;
  /** Whether each choice begins with its prompt. */
  readonly echo: boolean;
  /** Whether the client wants to see them. Ranking needs them too, so `settings.logprobs` may be there without. */
  readonly logprobs: boolean;
  /** Everything but the prompt. */
  readonly request: Omit<TextRequest, "prompt">;
  /** Fields that were dropped as asked, or accepted and change nothing here; `setting` is the field as OpenAI spells it. */
  readonly warnings: readonly Warning[];
}

/**
 * The body of `POST /v1/completions`, parsed from JSON, to the contract's request. Throws as `decodeChatRequest` does.
 * OpenAI's default of 16 tokens is not ours.
 */
export function decodeCompletionRequest(body: unknown): DecodedCompletionRequest {
  const left = applyDropParams(body);
  const parsed = completionSchema.safeParse(left.body);
  if (!parsed.success) throw tokensError(left.body, "prompt") ?? toFieldError(parsed.error.issues, left.body);
  const request = parsed.data;
  const prompts = typeof request.prompt === "string" ? [request.prompt] : request.prompt;
  const { n, bestOf } = toCounts(request, prompts.length);
  const logprobs = request.logprobs ?? undefined;
  const images = toImageParts(request.images, "images");
  return {
    model: request.model,
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    prompts,
    n,
    bestOf,
    echo: request.echo ?? false,
    logprobs: logprobs !== undefined,
    request: present<Omit<TextRequest, "prompt">>({
      // Nothing after the gap is no gap.
      suffix: request.suffix || undefined,
      system: request.system,
      images: images.length === 0 ? undefined : images,
      settings: toSettings(request, logprobs ?? (bestOf > n ? 0 : undefined)),
      strictSettings: left.strictSettings,
      reasoning: toEffort(request.reasoning_effort),
      ...toFormatAndExtra(request.response_format, toExtra(left.body, fields)),
    }),
    warnings: [...left.warnings, ...fieldsWithoutEffect(left.body), ...detailsWithoutEffect(request)],
  };
}

const shape = {
  ...generationFields,
  prompt: z.union([z.string(), z.array(z.string()).min(1)]),
  suffix: z.string().nullish(),
  system: z.string().nullish(),
  images: z.array(z.string()).nullish(),
  echo: z.boolean().nullish(),
  best_of: z.int().min(1).max(128).nullish(),
  logprobs: z.int().min(0).max(20).nullish(),
};
export const completionSchema: z.ZodType<TextCompletionRequest> = z.object(shape);
const fields: ReadonlySet<string> = new Set(Object.keys(shape));

/** Every answer is a call of its own upstream, so one request must not ask for any number. */
const MAX_ANSWERS = 2048;

function toCounts(request: TextCompletionRequest, prompts: number): { readonly n: number; readonly bestOf: number } {
  const n = request.n ?? 1;
  const bestOf = request.best_of ?? n;
  if (bestOf < n) throw invalidField("best_of", "must be at least n");
  if (request.stream === true && (request.best_of ?? 1) > 1) {
    throw invalidField("best_of", "must be 1 when stream is true");
  }
  if (prompts * bestOf > MAX_ANSWERS) {
    throw invalidField("prompt", `must, with n and best_of, ask for at most ${MAX_ANSWERS} answers`);
  }
  return { n, bestOf };
}
