import type { Batch, ChatRequest, Middleware, Stream, StreamModel, TextRequest } from "@llamaduct/core";
import { createReasoningSplitter } from "./reasoning-splitter.ts";

/** What open models are known to write. */
const DEFAULT_TAGS: readonly string[] = ["think", "thinking", "thought", "reasoning"];

export interface ReasoningTagsOptions {
  /** Names without brackets: letters, digits, `_`, `-`. Default `think`, `thinking`, `thought`, `reasoning`. */
  readonly tags?: readonly string[] | undefined;
}

type AnyRequest = ChatRequest | TextRequest;

/**
 * Makes `reasoning-delta` of what a model writes between `<think>` and `</think>`, as it streams. Leaves models alone
 * whose host tells reasoning apart itself, unless the request turns reasoning off: then they may do it inline (F9).
 */
export function reasoningTags<Request extends AnyRequest = ChatRequest>(
  options: ReasoningTagsOptions = {},
): Middleware<Request> {
  const tags = options.tags ?? DEFAULT_TAGS;
  const unusable = tags.find((tag) => !/^[\w-]+$/.test(tag));
  if (unusable !== undefined) throw new TypeError(`"${unusable}" is not the name of a tag.`);

  return function reasoningTags(next: StreamModel<AnyRequest>): StreamModel<AnyRequest> {
    const { provider, modelId } = next;
    return {
      provider,
      modelId,
      capabilities: () => next.capabilities(),
      stream(request, call) {
        const stream = next.stream(request, call);
        const isTurnedOff = request.reasoning === false || request.reasoning === "none";
        return next.capabilities().reasoning === "native" && !isTurnedOff ? stream : split(stream, tags);
      },
    };
  };
}

async function* split(source: Stream, tags: readonly string[]): AsyncGenerator<Batch> {
  const splitter = createReasoningSplitter(tags);
  try {
    for await (const batch of source) {
      const parts = splitter.read(batch);
      if (parts.length > 0) yield parts;
    }
  } catch (error) {
    const held = splitter.flush();
    if (held.length > 0) yield held;
    throw error;
  }
}
