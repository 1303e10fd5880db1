import type { Optional, RoutingParams } from "./request-params.ts";

/**
 * The body of `POST /v1/embeddings`. Shapes are OpenAI's (https://platform.openai.com/docs/api-reference/embeddings/create);
 * every other field is passed on to the provider as it is spelt (`truncate`, `keep_alive`).
 */
export interface CreateEmbeddingRequest extends RoutingParams {
  /** Text, or several; never empty. */
  readonly input: string | readonly string[];
  readonly dimensions?: Optional<number>;
  /** Default: `float`. OpenAI's own SDKs ask for `base64`. */
  readonly encoding_format?: Optional<EncodingFormat>;
  readonly [extra: string]: unknown;
}
/** Numbers, or base64 of little-endian 32-bit floats. */
export type EncodingFormat = "float" | "base64";
