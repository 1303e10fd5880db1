import {
  type Batch,
  type EncodedText,
  type JsonValue,
  ProviderError,
  type StreamPart,
  type TokenLogprob,
  type TokenLogprobs,
} from "@llamaduct/core";
import type { LogprobEntry, LogprobToken, ReplyToolCall } from "./chat-wire.ts";
import { toFinishReason, toTimings, toUsage } from "./finish.ts";
import type { GenerateEvent } from "./generate-wire.ts";

export interface PartReader {
  /** The parts of some events, in order; may be none. Events after the final one say nothing. */
  read(events: readonly GenerateEvent[]): readonly StreamPart[];
  /** The same for text, which is its own parts. */
  readText(text: EncodedText): Batch;
  /** To be called when the upstream has ended. Throws `upstream_stream_interrupted` unless the final event was seen. */
  end(): void;
}

export interface PartReaderOptions {
  /** Makes ids where the server gives none, or gives one twice. */
  readonly generateId: () => string;
  /** Whether `finish` tells the answer's token ids, which are as many as its tokens. Default false. */
  readonly keepsContext?: boolean | undefined;
}

/** Folds one answer's events into parts. */
export function createPartReader({ generateId, keepsContext = false }: PartReaderOptions): PartReader {
  const callIds = new Set<string>();
  let finished = false;

  function addParts(parts: StreamPart[], event: GenerateEvent): void {
    const { message } = event;
    if (message?.thinking) parts.push({ type: "reasoning-delta", text: message.thinking });
    if (message?.content) parts.push({ type: "text-delta", text: message.content });
    if (event.logprobs && event.logprobs.length > 0)
      parts.push({ type: "logprobs", tokens: event.logprobs.map(toLogprobs) });
    for (const call of message?.tool_calls ?? []) addCall(parts, call);
    if (!isFinal(event)) return;
    finished = true;
    parts.push({
      type: "finish",
      reason: toFinishReason(event.done_reason, callIds.size > 0),
      rawReason: event.done_reason ?? undefined,
      usage: toUsage(event),
      timings: toTimings(event),
      // It came as JSON, so that is what it is.
      ...(keepsContext && event.context !== undefined && { metadata: { context: event.context as JsonValue } }),
    });
  }

  function addCall(
    parts: StreamPart[],
    { id: given, function: { name, arguments: callArguments } }: ReplyToolCall,
  ): void {
    const id = given && !callIds.has(given) ? given : generateId();
    callIds.add(id);
    parts.push({ type: "tool-call-start", id, name });
    parts.push({ type: "tool-call-delta", id, argumentsDelta: JSON.stringify(callArguments ?? {}) });
  }

  return {
    read(events) {
      const parts: StreamPart[] = [];
      for (const event of events) {
        if (finished) break;
        addParts(parts, event);
      }
      return parts;
    },
    readText: (text) => (finished ? [] : text),
    end() {
      if (finished) return;
      const message = "The server ended the answer without its final event.";
      throw new ProviderError({ code: "upstream_stream_interrupted", message, upstreamStatus: 200 });
    },
  };
}

/** Some back ends name the reason and forget `done` (N3). */
function isFinal(event: GenerateEvent): boolean {
  return event.done === true || Boolean(event.done_reason);
}

function toLogprobs(entry: LogprobEntry): TokenLogprobs {
  return { ...toLogprob(entry), top: (entry.top_logprobs ?? []).map(toLogprob) };
}

function toLogprob({ token, logprob, bytes }: LogprobToken): TokenLogprob {
  return { token, logprob, ...(bytes && { bytes }) };
}
