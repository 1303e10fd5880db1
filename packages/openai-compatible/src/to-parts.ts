import { type FinishReason, ProviderError, type StreamPart } from "@llamaduct/core";
import type { ChunkOrDone } from "./read-chunks.ts";
import { toLogprobs } from "./to-logprobs.ts";
import { toTimings, toUsage } from "./to-usage.ts";
import { createToolCallReader } from "./tool-call-reader.ts";
import type { Choice, WireTimings, WireUsage } from "./wire.ts";

export interface PartReader {
  /** The parts of some chunks, in order. Chunks after `[DONE]` say nothing. */
  read(chunks: readonly ChunkOrDone[]): ReadParts;
  /**
   * To be called when the server has ended: what remains to be said. Throws `upstream_stream_interrupted` when the
   * server has named no reason for its end.
   */
  end(): readonly StreamPart[];
}

export interface ReadParts {
  /** May be none. */
  readonly parts: readonly StreamPart[];
  /** To be thrown once the parts before it have been delivered: what came together is no less there. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** Folds one answer's chunks into parts. `finish` waits for `[DONE]` or the end, since the usage comes after the reason. */
export function createPartReader(generateId: () => string): PartReader {
  const calls = createToolCallReader(generateId);
  let rawReason: string | undefined;
  let usage: WireUsage | undefined;
  let timings: WireTimings | undefined;
  let isFinished = false;

  function addChoice(parts: StreamPart[], { delta, text, logprobs, finish_reason }: Choice): void {
    const reasoning = delta?.reasoning_content || delta?.reasoning;
    if (reasoning) parts.push({ type: "reasoning-delta", text: reasoning });
    for (const piece of [delta?.content, delta?.refusal, text])
      if (piece) parts.push({ type: "text-delta", text: piece });
    const tokens = toLogprobs(logprobs);
    if (tokens.length > 0) parts.push({ type: "logprobs", tokens });
    for (const call of delta?.tool_calls ?? []) parts.push(...calls.read(call));
    if (finish_reason) rawReason = finish_reason;
  }

  function finish(): readonly StreamPart[] {
    isFinished = true;
    return [
      ...calls.end(),
      {
        type: "finish",
        reason: toFinishReason(rawReason, calls.count > 0),
        rawReason,
        usage: toUsage(usage),
        timings: toTimings(timings),
      },
    ];
  }

  function addChunk(parts: StreamPart[], chunk: ChunkOrDone): void {
    if (isFinished) return;
    if (chunk === "[DONE]") {
      parts.push(...finish());
      return;
    }
    // One answer is asked for, so there is one choice.
    for (const choice of chunk.choices ?? []) if (!choice.index) addChoice(parts, choice);
    usage = chunk.usage ?? usage;
    timings = chunk.timings ?? timings;
  }

  return {
    read(chunks) {
      const parts: StreamPart[] = [];
      try {
        for (const chunk of chunks) addChunk(parts, chunk);
      } catch (error) {
        return { parts, failure: { error } };
      }
      return { parts, failure: undefined };
    },
    end() {
      if (isFinished) return [];
      if (rawReason !== undefined) return finish();
      const message = "The server ended the answer without saying that it was whole.";
      throw new ProviderError({ code: "upstream_stream_interrupted", message, upstreamStatus: 200 });
    },
  };
}

/** Some servers say `stop` for tool calls too, so their presence decides; a cut call stays a cut call. */
function toFinishReason(rawReason: string | undefined, hasToolCalls: boolean): FinishReason {
  switch (rawReason) {
    case "length":
      return "length";
    case "content_filter":
      return "content-filter";
    case "stop":
    case "tool_calls":
    case "function_call":
      return hasToolCalls ? "tool-calls" : "stop";
    default:
      return hasToolCalls ? "tool-calls" : "other";
  }
}
