import type { Batch } from "@llamaduct/core";
import type {
  ChatCompletionChunk,
  ChatCompletionChunkChoice,
  CompletionIdentity,
  CompletionUsage,
} from "./chat-completion.ts";
import { createChunkSequence, toChoice } from "./chunk-sequence.ts";

export interface ChunkOptions extends CompletionIdentity {
  /** Whether the client asked for `stream_options.include_usage`. */
  readonly includeUsage: boolean;
}
export interface ChunkEncoder {
  /** The chunks of one batch; none when it holds nothing a client is told. */
  encode(batch: Batch): readonly ChatCompletionChunk[];
}

/** One stream's batches to OpenAI's chunks, as objects. One encoder per stream, batches in order. */
export function createChunkEncoder(options: ChunkOptions): ChunkEncoder {
  let chunks: ChatCompletionChunk[] = [];
  const write = createChunkSequence({
    text: (field, text) => void chunks.push(toChunk(toChoice({ [field]: text }), options)),
    choice: (choice) => void chunks.push(toChunk(choice, options)),
    usage: (usage) => void (options.includeUsage && chunks.push(toUsageChunk(usage, options))),
  });
  return {
    encode(batch) {
      chunks = [];
      write(batch);
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
