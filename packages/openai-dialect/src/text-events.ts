import type { Batch } from "@llamaduct/core";
import { createChoiceWriter } from "./choice-writer.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { echoOf, type TextChunkOptions, toTextChunk, toTextUsageChunk } from "./text-chunks.ts";
import { createTextSequence, toTextChoice } from "./text-sequence.ts";
import { DONE, toEvent } from "./to-event.ts";
import { fillFrame, fillFrames, toFrame } from "./to-frame.ts";
import { toUsage } from "./to-usage.ts";

export interface TextEventEncoder {
  /**
   * Server-sent events for one batch in UTF-8, to be written at once; empty when it holds nothing a client is told.
   * `index` is the choice's, 0 when it is not given: the first prompt's `n` come first.
   */
  encode(batch: Batch, index?: number): Uint8Array;
  /** The end mark. The caller writes it after success and only then: its absence is how clients see a failure. */
  readonly done: Uint8Array;
}

/** An answer's batches to the bytes of its response body. The events are `createTextChunkEncoder`'s, byte for byte. */
export function createTextEventEncoder(options: TextChunkOptions): TextEventEncoder {
  const events = new GrowingBytes();
  const write = createChoiceWriter({
    choices: options.prompts.length * options.n,
    open(index, end) {
      const empty = toTextChoice(index, "");
      const frame = toFrame(toEvent(toTextChunk(empty, options)), empty);
      return createTextSequence(
        { index, echo: echoOf(index, options) },
        {
          text(text) {
            fillFrame(events, frame, text);
          },
          literals(literals) {
            fillFrames(events, frame, literals);
          },
          choice(choice) {
            events.addText(toEvent(toTextChunk(choice, options)));
          },
          end,
        },
      );
    },
    usage(usage) {
      if (options.includeUsage) events.addText(toEvent(toTextUsageChunk(toUsage(usage), options)));
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
