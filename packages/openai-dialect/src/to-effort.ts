import type { ReasoningEffort } from "@llamaduct/core";
import type { GenerationParams } from "./request-params.ts";

export function toEffort(param: GenerationParams["reasoning_effort"]): ReasoningEffort | undefined {
  const effort = typeof param === "string" ? param : param?.effort;
  return effort === "ultra" ? "max" : (effort ?? undefined);
}
