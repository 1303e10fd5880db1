import type { SettingName } from "@llamaduct/core";

/** All there are. A server that lacks one refuses it, or ignores it without telling. */
export const SETTINGS: readonly SettingName[] = [
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "minP",
  "frequencyPenalty",
  "presencePenalty",
  "logitBias",
  "seed",
  "stop",
  "logprobs",
];
