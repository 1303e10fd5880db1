import type { Usage } from "@llamaduct/core";

/** What several answers cost together. A count is unknown when none of them has it. */
export function sumUsage(usages: readonly Usage[]): Usage {
  return {
    inputTokens: sum(usages.map(({ inputTokens }) => inputTokens)),
    outputTokens: sum(usages.map(({ outputTokens }) => outputTokens)),
    cachedInputTokens: sum(usages.map(({ cachedInputTokens }) => cachedInputTokens)),
    reasoningTokens: sum(usages.map(({ reasoningTokens }) => reasoningTokens)),
  };
}

function sum(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, count) => total + count, 0);
}
