import type { Batch } from "@llamaduct/core";
import type { CompletionIdentity, CompletionUsage } from "./chat-completion.ts";
import { createChoiceWriter } from "./choice-writer.ts";
import type { TextCompletionChunk, TextCompletionChunkChoice } from "./text-completion.ts";
import { createTextSequence, toTextChoice } from "./text-sequence.ts";
import { toUsage } from "./to-usage.ts";

/** `{ ...decoded, id, created }`, where `decoded` is what `decodeCompletionRequest` gives. */
export interface TextChunkOptions extends CompletionIdentity {
  /** Whether the client asked for `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  readonly prompts: readonly string[];
  /** Choices per prompt. */
  readonly n: number;
  readonly echo: boolean;
}
export interface TextChunkEncoder {
  /**
   * The chunks of one batch; none when it holds nothing a client is told. `index` is the choice's, 0 when it is not
   * given: the first prompt's `n` come first. Batches of several choices may come in any order, and usage goes out after
   * the last choice's finish.
   */
  encode(batch: Batch, index?: number): readonly TextCompletionChunk[];
}

/** An answer's batches to OpenAI's chunks, as objects. One encoder per answer, the batches of a choice in order. */
export function createTextChunkEncoder(options: TextChunkOptions): TextChunkEncoder {
  let chunks: TextCompletionChunk[] = [];
  const write = createChoiceWriter({
    choices: options.prompts.length * options.n,
    open: (index, end) =>
      createTextSequence(
        { index, echo: echoOf(index, options) },
        {
          text: (text) => void chunks.push(toTextChunk(toTextChoice(index, text), options)),
          choice: (choice) => void chunks.push(toTextChunk(choice, options)),
          end,
        },
      ),
    usage: (usage) => void (options.includeUsage && chunks.push(toTextUsageChunk(toUsage(usage), options))),
  });
  return {
    encode(batch, index = 0) {
      chunks = [];
      write(batch, index);
      return chunks;
    },
  };
}

/** What a choice's text begins with. */
export function echoOf(index: number, { echo, prompts, n }: TextChunkOptions): string {
  return (echo && prompts[Math.floor(index / n)]) || "";
}

export function toTextChunk(choice: TextCompletionChunkChoice, options: TextChunkOptions): TextCompletionChunk {
  const { id, created, model, includeUsage } = options;
  return { id, object: "text_completion", created, model, choices: [choice], ...(includeUsage && { usage: null }) };
}

export function toTextUsageChunk(usage: CompletionUsage, options: TextChunkOptions): TextCompletionChunk {
  const { id, created, model } = options;
  return { id, object: "text_completion", created, model, choices: [], usage };
}
