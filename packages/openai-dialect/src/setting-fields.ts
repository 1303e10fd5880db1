import { z } from "zod";
import type { EffortParam, GenerationParams, Optional } from "./request-params.ts";

export type Fields<Params> = { readonly [Field in keyof Params]-?: z.ZodType<Params[Field]> };

export const filled: z.ZodType<string> = z.string().min(1);
const optionalNumber: z.ZodType<Optional<number>> = z.number().nullish();
const optionalTokens: z.ZodType<Optional<number>> = z.int().min(1).nullish();
const effort: z.ZodType<EffortParam> = z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra"]);

/** What the plainest requests say beside their text. */
type Plain = Pick<
  GenerationParams,
  | "model"
  | "reasoning_effort"
  | "max_completion_tokens"
  | "max_tokens"
  | "temperature"
  | "top_p"
  | "top_k"
  | "min_p"
  | "frequency_penalty"
  | "presence_penalty"
  | "seed"
  | "stop"
  | "n"
  | "stream"
>;

export const settingFields: Fields<Plain> = {
  model: filled,
  reasoning_effort: z.union([effort, z.object({ effort: effort.nullish() })]).nullish(),
  max_completion_tokens: optionalTokens,
  max_tokens: optionalTokens,
  temperature: optionalNumber,
  top_p: optionalNumber,
  top_k: optionalNumber,
  min_p: optionalNumber,
  frequency_penalty: optionalNumber,
  presence_penalty: optionalNumber,
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  n: z.int().min(1).max(128).nullish(),
  stream: z.boolean().nullish(),
};
