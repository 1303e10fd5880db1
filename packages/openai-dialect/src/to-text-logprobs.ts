import type { TokenLogprobs } from "@llamaduct/core";
import type { TextLogprobs } from "./text-completion.ts";

/** OpenAI's older form. `start`: characters of the choice before the first of these tokens. */
export function toTextLogprobs(tokens: readonly TokenLogprobs[], start: number): TextLogprobs {
  let offset = start;
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map((token) =>
      Object.fromEntries([...token.top, token].map(({ token: text, logprob }) => [text, logprob])),
    ),
    text_offset: tokens.map(({ token }) => {
      const before = offset;
      offset += countCharacters(token);
      return before;
    }),
  };
}

/** Code points, as clients in other languages count. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
