import { ProviderError, type StreamPart, type TokenLogprob, type TokenLogprobs } from "@llamaduct/core";
import {
  type ChatEvent,
  type LogprobEntry,
  type LogprobToken,
  type ReplyToolCall,
  toFinishReason,
  toTimings,
  toUsage,
} from "@llamaduct/ollama-host";

export interface PartReader {
  /** The parts of some events, in order; may be none. Events after the final one say nothing. */
  read(events: readonly ChatEvent[]): readonly StreamPart[];
  /** To be called when the upstream has ended. Throws `upstream_stream_interrupted` unless the final event was seen. */
  end(): void;
}

/** Folds one answer's events into parts. Ids are made up where the server gives none, or gives one twice. */
export function createPartReader(generateId: () => string): PartReader {
  const callIds = new Set<string>();
  let finished = false;

  function* toParts(event: ChatEvent): Generator<StreamPart> {
    const { message } = event;
    if (message?.thinking) yield { type: "reasoning-delta", text: message.thinking };
    if (message?.content) yield { type: "text-delta", text: message.content };
    if (event.logprobs && event.logprobs.length > 0) yield { type: "logprobs", tokens: event.logprobs.map(toLogprobs) };
    for (const call of message?.tool_calls ?? []) yield* toCall(call);
    if (!isFinal(event)) return;
    finished = true;
    yield {
      type: "finish",
      reason: toFinishReason(event.done_reason, callIds.size > 0),
      rawReason: event.done_reason ?? undefined,
      usage: toUsage(event),
      timings: toTimings(event),
    };
  }

  function* toCall({ id: given, function: { name, arguments: callArguments } }: ReplyToolCall): Generator<StreamPart> {
    const id = given && !callIds.has(given) ? given : generateId();
    callIds.add(id);
    yield { type: "tool-call-start", id, name };
    yield { type: "tool-call-delta", id, argumentsDelta: JSON.stringify(callArguments ?? {}) };
  }

  return {
    read(events) {
      const parts: StreamPart[] = [];
      for (const event of events) {
        if (finished) break;
        for (const part of toParts(event)) parts.push(part);
      }
      return parts;
    },
    end() {
      if (finished) return;
      const message = "The server ended the answer without its final event.";
      throw new ProviderError({ code: "upstream_stream_interrupted", message, upstreamStatus: 200 });
    },
  };
}

/** Some back ends name the reason and forget `done` (N3). */
function isFinal(event: ChatEvent): boolean {
  return event.done === true || Boolean(event.done_reason);
}

function toLogprobs(entry: LogprobEntry): TokenLogprobs {
  return { ...toLogprob(entry), top: (entry.top_logprobs ?? []).map(toLogprob) };
}

function toLogprob({ token, logprob, bytes }: LogprobToken): TokenLogprob {
  return { token, logprob, ...(bytes && { bytes }) };
}
