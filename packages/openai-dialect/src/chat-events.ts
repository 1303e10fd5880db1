import type { Batch } from "@llamaduct/core";
import { type ChunkOptions, toChunk, toUsageChunk } from "./chat-chunks.ts";
import { createChoiceWriter } from "./choice-writer.ts";
import { createChunkSequence, type TextKind, toChoice, toTextDelta } from "./chunk-sequence.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { DONE, toEvent } from "./to-event.ts";
import { type Frame, fillFrame, fillFrames, toFrame } from "./to-frame.ts";
import { toUsage } from "./to-usage.ts";

export interface EventEncoder {
  /**
   * Server-sent events for one batch in UTF-8, to be written at once; empty when it holds nothing a client is told.
   * `index` is the choice's, 0 when it is not given.
   */
  encode(batch: Batch, index?: number): Uint8Array;
  /** The end mark. The caller writes it after success and only then: its absence is how clients see a failure. */
  readonly done: Uint8Array;
}

/** An answer's batches to the bytes of its response body. The events are `createChunkEncoder`'s chunks, byte for byte. */
export function createEventEncoder(options: ChunkOptions): EventEncoder {
  const events = new GrowingBytes();
  const { includeUsage, n = 1, mergeReasoning = false } = options;
  const write = createChoiceWriter({
    choices: n,
    open(index, end) {
      const frames: Partial<Record<TextKind, Frame>> = {};
      const frameOf = (kind: TextKind) => {
        frames[kind] ??= toTextFrame(index, kind, options);
        return frames[kind];
      };
      return createChunkSequence(
        { index, mergeReasoning },
        {
          text(kind, text) {
            fillFrame(events, frameOf(kind), text);
          },
          literals(literals) {
            fillFrames(events, frameOf("content"), literals);
          },
          choice(choice) {
            events.addText(toEvent(toChunk(choice, options)));
          },
          end,
        },
      );
    },
    usage(usage) {
      if (includeUsage) events.addText(toEvent(toUsageChunk(toUsage(usage), options)));
    },
  });
  return {
    encode(batch, index = 0) {
      write(batch, index);
      return events.take();
    },
    done: DONE,
  };
}

function toTextFrame(index: number, kind: TextKind, options: ChunkOptions): Frame {
  const choice = toChoice(index, toTextDelta(kind, ""));
  return toFrame(toEvent(toChunk(choice, options)), choice);
}
