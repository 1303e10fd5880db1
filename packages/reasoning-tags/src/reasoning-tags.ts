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

  // A method, so that the name is the same in a bundle: errors tell it.
  return {
    reasoningTags(next: StreamModel<AnyRequest>): StreamModel<AnyRequest> {
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
    },
  }.reasoningTags;
}

/** Hand-written: an async generator costs three turns of the microtask queue for each batch. */
function split(source: Stream, tags: readonly string[]): Stream {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Batch> {
      const iterator = source[Symbol.asyncIterator]();
      const splitter = createReasoningSplitter(tags);
      /** To be thrown after what was held back. */
      let failure: { readonly error: unknown } | undefined;

      function next(): Promise<IteratorResult<Batch>> {
        return failure === undefined ? iterator.next().then(read, flush) : Promise.reject(failure.error);
      }
      function read(result: IteratorResult<Batch>): IteratorResult<Batch> | Promise<IteratorResult<Batch>> {
        if (result.done === true) return result;
        const parts = splitter.read(result.value);
        return parts.length > 0 ? { done: false, value: parts } : next();
      }
      function flush(error: unknown): IteratorResult<Batch> {
        const held = splitter.flush();
        if (held.length === 0) throw error;
        failure = { error };
        return { done: false, value: held };
      }
      return {
        next,
        return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
