import type { TokenLogprob, TokenLogprobs } from "@llamaduct/core";
import type { WireLogprobs, WireTopLogprob } from "./wire.ts";

/** Log probabilities in either of OpenAI's two forms. A token without one, such as a prompt's first, is left out. */
export function toLogprobs(logprobs: WireLogprobs | null | undefined): readonly TokenLogprobs[] {
  const { content, tokens, token_logprobs: values, top_logprobs: tops } = logprobs ?? {};
  if (content) return content.map((token) => ({ ...toLogprob(token), top: (token.top_logprobs ?? []).map(toLogprob) }));
  return (tokens ?? []).flatMap((token, index) => {
    const logprob = values?.[index];
    if (logprob === undefined || logprob === null) return [];
    const top = Object.entries(tops?.[index] ?? {});
    return [{ token, logprob, top: top.map(([token, logprob]) => ({ token, logprob })) }];
  });
}

function toLogprob({ token, logprob, bytes }: WireTopLogprob): TokenLogprob {
  return { token, logprob, ...(bytes && { bytes }) };
}
