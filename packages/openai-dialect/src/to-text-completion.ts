import type { Completion } from "@llamaduct/core";
import type { CompletionIdentity } from "./chat-completion.ts";
import { sumUsage } from "./sum-usage.ts";
import type { TextCompletion, TextCompletionChoice } from "./text-completion.ts";
import { toTextFinishReason } from "./to-text-finish-reason.ts";
import { countCharacters, toTextLogprobs } from "./to-text-logprobs.ts";
import { toUsage } from "./to-usage.ts";

/** `{ ...decoded, id, created }`, where `decoded` is what `decodeCompletionRequest` gives. */
export interface TextCompletionOptions extends CompletionIdentity {
  readonly prompts: readonly string[];
  /** Choices per prompt. */
  readonly n: number;
  /** Answers per prompt. */
  readonly bestOf: number;
  readonly echo: boolean;
  /** Whether logprobs are shown where there are some. */
  readonly logprobs: boolean;
}

/**
 * What core's `collect()` gives for each call, as OpenAI's answer: `bestOf` completions of the first prompt, then those of
 * the next. The `n` likeliest of each prompt are its choices, likeliest first; usage is the sum of all that were made.
 */
export function toTextCompletion(completions: readonly Completion[], options: TextCompletionOptions): TextCompletion {
  const { id, created, model, prompts, n, bestOf } = options;
  const chosen = prompts.flatMap((prompt, index) => {
    const candidates = completions.slice(index * bestOf, (index + 1) * bestOf);
    return likeliest(candidates, n).map((completion) => ({ prompt, completion }));
  });
  return {
    id,
    object: "text_completion",
    created,
    model,
    choices: chosen.map(({ prompt, completion }, index) => ({ index, ...toChoice(completion, prompt, options) })),
    usage: toUsage(sumUsage(completions.map(({ finish }) => finish.usage))),
  };
}

function toChoice(
  { content, logprobs, finish }: Completion,
  prompt: string,
  options: TextCompletionOptions,
): Omit<TextCompletionChoice, "index"> {
  const echoed = options.echo ? prompt : "";
  let text = echoed;
  let reasoning = "";
  for (const part of content) {
    if (part.type === "text") text += part.text;
    else if (part.type === "reasoning") reasoning += part.text;
  }
  return {
    text,
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    logprobs: options.logprobs && logprobs !== undefined ? toTextLogprobs(logprobs, countCharacters(echoed)) : null,
    finish_reason: toTextFinishReason(finish.reason),
  };
}

/** By probability per token, as OpenAI ranks. Those of which nothing is known come last, in the order they were made. */
function likeliest(candidates: readonly Completion[], n: number): readonly Completion[] {
  if (candidates.length <= n) return candidates;
  const ranked = candidates.map((completion) => ({ completion, likelihood: meanLogprob(completion) }));
  return ranked
    .sort((a, b) => b.likelihood - a.likelihood) // Two unknown ones differ by NaN, which counts as equal.
    .slice(0, n)
    .map(({ completion }) => completion);
}

function meanLogprob({ logprobs = [] }: Completion): number {
  if (logprobs.length === 0) return Number.NEGATIVE_INFINITY;
  return logprobs.reduce((sum, { logprob }) => sum + logprob, 0) / logprobs.length;
}
