import type { TokenLogprob, TokenLogprobs } from "@llamaduct/core";
import type { ChatCompletionLogprobs, TokenAlternative } from "./chat-completion.ts";

export function toLogprobs(tokens: readonly TokenLogprobs[]): ChatCompletionLogprobs {
  return {
    content: tokens.map((token) => ({ ...toAlternative(token), top_logprobs: token.top.map(toAlternative) })),
    refusal: null,
  };
}

function toAlternative({ token, logprob, bytes }: TokenLogprob): TokenAlternative {
  return { token, logprob, bytes: bytes === undefined ? null : [...bytes] };
}
