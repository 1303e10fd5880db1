import type { EmbeddingRequest, Warning } from "@llamaduct/core";
import { z } from "zod";
import { applyDropParams } from "./apply-drop-params.ts";
import type { CreateEmbeddingRequest, EncodingFormat } from "./embedding-request.ts";
import { toFieldError, tokensError } from "./field-error.ts";
import { fieldsWithoutEffect } from "./no-effect.ts";
import { present } from "./present.ts";
import { filled } from "./setting-fields.ts";
import { toExtra } from "./to-extra.ts";

/** What an embedding request asks for, and how it wants to be answered. */
export interface DecodedEmbeddingRequest {
  readonly model: string;
  readonly encodingFormat: EncodingFormat;
  readonly request: EmbeddingRequest;
  /** Fields that were dropped as asked, or accepted and change nothing here; `setting` is the field as OpenAI spells it. */
  readonly warnings: readonly Warning[];
}

/** The body of `POST /v1/embeddings`, parsed from JSON, to the contract's request. Throws as `decodeChatRequest` does. */
export function decodeEmbeddingRequest(body: unknown): DecodedEmbeddingRequest {
  const left = applyDropParams(body);
  const parsed = embeddingSchema.safeParse(left.body);
  if (!parsed.success) throw tokensError(left.body, "input") ?? toFieldError(parsed.error.issues, left.body);
  const { model, input, dimensions, encoding_format: encodingFormat } = parsed.data;
  return {
    model,
    encodingFormat: encodingFormat ?? "float",
    request: present<EmbeddingRequest>({
      input: typeof input === "string" ? [input] : input,
      dimensions,
      extra: toExtra(left.body, fields),
    }),
    warnings: [...left.warnings, ...fieldsWithoutEffect(left.body)],
  };
}

const shape = {
  model: filled,
  input: z.union([filled, z.array(filled).min(1)]),
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
};
export const embeddingSchema: z.ZodType<CreateEmbeddingRequest> = z.object(shape);
const fields: ReadonlySet<string> = new Set(Object.keys(shape));
