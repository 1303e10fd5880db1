import type { Batch } from "@llamaduct/core";
import { type ChunkOptions, toChunk, toUsageChunk } from "./chat-chunks.ts";
import { createChunkSequence, type TextField, toChoice } from "./chunk-sequence.ts";

export interface EventEncoder {
  /** Server-sent events for one batch, to be written at once; empty when it holds nothing a client is told. */
  encode(batch: Batch): string;
  /** The end mark. The caller writes it after success and only then: its absence is how clients see a failure. */
  readonly done: string;
}

/** One stream's batches to the text of its response body. The events are `createChunkEncoder`'s chunks, byte for byte. */
export function createEventEncoder(options: ChunkOptions): EventEncoder {
  let events = "";
  const frames = { content: toFrame("content", options), reasoning_content: toFrame("reasoning_content", options) };
  const write = createChunkSequence({
    text(field, text) {
      const frame = frames[field];
      events += frame.before + JSON.stringify(text) + frame.after;
    },
    choice(choice) {
      events += toEvent(toChunk(choice, options));
    },
    usage(usage) {
      if (options.includeUsage) events += toEvent(toUsageChunk(usage, options));
    },
  });
  return {
    encode(batch) {
      events = "";
      write(batch);
      return events;
    },
    done: "data: [DONE]\n\n",
  };
}

export function toEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** A text event of this stream, cut open where the text goes: after it nothing else is an empty string. */
function toFrame(field: TextField, options: ChunkOptions): { readonly before: string; readonly after: string } {
  const event = toEvent(toChunk(toChoice({ [field]: "" }), options));
  const hole = event.lastIndexOf('""');
  return { before: event.slice(0, hole), after: event.slice(hole + 2) };
}
