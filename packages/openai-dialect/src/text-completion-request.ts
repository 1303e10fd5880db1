import type { GenerationParams, Optional } from "./request-params.ts";

/**
 * The body of `POST /v1/completions`. Shapes are OpenAI's (https://platform.openai.com/docs/api-reference/completions/create)
 * with `system`, `images` and chat's fields added; every other field is passed on to the provider as it is spelt (`raw`,
 * `template`, `context`).
 */
export interface TextCompletionRequest extends GenerationParams {
  /** Text, or several: each has `n` choices of its own. */
  readonly prompt: string | readonly string[];
  /** What follows the gap that the model is to fill. */
  readonly suffix?: Optional<string>;
  readonly system?: Optional<string>;
  /** Each as chat's `image_url` takes it. */
  readonly images?: Optional<readonly string[]>;
  /** Whether the prompt comes back in front of each text. */
  readonly echo?: Optional<boolean>;
  /** How many answers are made per prompt to give the `n` likeliest. Default: `n`. Not for streams. */
  readonly best_of?: Optional<number>;
  /** Alternatives per token, 0 to 20. */
  readonly logprobs?: Optional<number>;
  readonly [extra: string]: unknown;
}
