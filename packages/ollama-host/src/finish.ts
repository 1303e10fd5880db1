import type { FinishReason, Timings, Usage } from "@llamaduct/core";
import type { Counters } from "./chat-wire.ts";

/**
 * Ollama's `done_reason` as a finish reason. It says `stop` for tool calls too, so their presence decides; `length`
 * stays, since a cut call is a cut call. `load` and `unload` answer an empty prompt: nothing was to be said.
 */
export function toFinishReason(doneReason: string | null | undefined, hasToolCalls: boolean): FinishReason {
  switch (doneReason) {
    case "length":
      return "length";
    case "stop":
    case "load":
    case "unload":
      return hasToolCalls ? "tool-calls" : "stop";
    default:
      return hasToolCalls ? "tool-calls" : "other";
  }
}

/** Tokens as the final event counts them. The server leaves zeros out: no output count beside a prompt count is a zero. */
export function toUsage(counters: Counters): Usage {
  const { prompt_eval_count: inputTokens, eval_count: outputTokens } = counters;
  return { inputTokens, outputTokens: outputTokens ?? (inputTokens === undefined ? undefined : 0) };
}

/** The final event's durations; the wire has nanoseconds. `undefined` when it has none. */
export function toTimings(counters: Counters): Timings | undefined {
  const { load_duration, prompt_eval_duration, eval_duration } = counters;
  if (load_duration === undefined && prompt_eval_duration === undefined && eval_duration === undefined)
    return undefined;
  return {
    loadMs: milliseconds(load_duration),
    inputMs: milliseconds(prompt_eval_duration),
    outputMs: milliseconds(eval_duration),
  };
}

function milliseconds(nanoseconds: number | undefined): number | undefined {
  return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
}
