import type { Batch } from "@llamaduct/core";
import type {
  ChatCompletionChunk,
  ChatCompletionChunkChoice,
  CompletionIdentity,
  CompletionUsage,
} from "./chat-completion.ts";
import { createChoiceWriter } from "./choice-writer.ts";
import { createChunkSequence, toChoice, toTextDelta } from "./chunk-sequence.ts";
import { toUsage } from "./to-usage.ts";

/** `{ ...decoded, id, created }`, where `decoded` is what `decodeChatRequest` gives. */
export interface ChunkOptions extends CompletionIdentity {
  /** Whether the client asked for `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** How many choices the answer has. Default: 1. */
  readonly n?: number | undefined;
  /** Whether reasoning comes in the text, between `<think>` and `</think>`. Default: no. */
  readonly mergeReasoning?: boolean | undefined;
}
export interface ChunkEncoder {
  /**
   * The chunks of one batch; none when it holds nothing a client is told. `index` is the choice's, 0 when it is not
   * given; batches of several choices may come in any order, and usage goes out after the last choice's finish.
   */
  encode(batch: Batch, index?: number): readonly ChatCompletionChunk[];
}

/** An answer's batches to OpenAI's chunks, as objects. One encoder per answer, the batches of a choice in order. */
export function createChunkEncoder(options: ChunkOptions): ChunkEncoder {
  let chunks: ChatCompletionChunk[] = [];
  const { includeUsage, n = 1, mergeReasoning = false } = options;
  const write = createChoiceWriter({
    choices: n,
    open: (index, end) =>
      createChunkSequence(
        { index, mergeReasoning },
        {
          text: (kind, text) => void chunks.push(toChunk(toChoice(index, toTextDelta(kind, text)), options)),
          choice: (choice) => void chunks.push(toChunk(choice, options)),
          end,
        },
      ),
    usage: (usage) => void (includeUsage && chunks.push(toUsageChunk(toUsage(usage), options))),
  });
  return {
    encode(batch, index = 0) {
      chunks = [];
      write(batch, index);
      return chunks;
    },
  };
}

export function toChunk(choice: ChatCompletionChunkChoice, options: ChunkOptions): ChatCompletionChunk {
  const { id, created, model, includeUsage } = options;
  return {
    id,
    object: "chat.completion.chunk",
    created,
    model,
    choices: [choice],
    ...(includeUsage && { usage: null }),
  };
}

export function toUsageChunk(usage: CompletionUsage, options: ChunkOptions): ChatCompletionChunk {
  const { id, created, model } = options;
  return { id, object: "chat.completion.chunk", created, model, choices: [], usage };
}
