import type { Target } from "@llamaduct/conformance";
import { fromFetch } from "@llamaduct/http";
import type * as OpenAICompatible from "../src/index.ts";
import { upstream } from "./upstream.ts";

/** For the package, or one of its mutants. */
export function target({ provider, createOpenAICompatible }: typeof OpenAICompatible): Target {
  return {
    provider,
    modelId: "some-model",
    upstream,
    withFetch: (settings, fetch) => createOpenAICompatible({ ...settings, transport: fromFetch(fetch) }),
    skip: [
      {
        id: "reasoning.deltas",
        kind: "text",
        reason: "OpenAI's text completions have no place for reasoning",
      },
    ],
  };
}
