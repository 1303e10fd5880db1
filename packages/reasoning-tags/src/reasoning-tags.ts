import {
  type Batch,
  type ChatRequest,
  literalsOf,
  type Middleware,
  ProviderError,
  type Stream,
  type StreamModel,
  type TextRequest,
} from "@llamaduct/core";
import { beginsAnswer } from "./begins-answer.ts";
import { mayHoldTag } from "./may-hold-tag.ts";
import type { ReasoningSplitter } from "./reasoning-splitter.ts";

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

  const makeSplitter = splitterMaker(tags);
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
          return next.capabilities().reasoning === "native" && !isTurnedOff ? stream : split(stream, makeSplitter);
        },
      };
    },
  }.reasoningTags;
}

type Splitters = Pick<typeof import("./reasoning-splitter.ts"), "createReasoningSplitter">;

/** What tells tags from text, made where a text has what may begin one. Loaded by the first of these texts. */
type MakeSplitter = (hasText: boolean) => ReasoningSplitter | Promise<ReasoningSplitter>;

function splitterMaker(tags: readonly string[]): MakeSplitter {
  let loaded: Splitters | undefined;
  return (hasText) => {
    if (loaded !== undefined) return loaded.createReasoningSplitter(tags, hasText);
    return import("./reasoning-splitter.ts").then(
      (module) => {
        loaded = module;
        return module.createReasoningSplitter(tags, hasText);
      },
      (cause) => {
        const message = "What tells reasoning in tags from text could not be loaded.";
        throw new ProviderError({ code: "provider_error", message, cause });
      },
    );
  };
}

type Result = IteratorResult<Batch>;

/** Hand-written: an async generator costs three turns of the microtask queue for each batch. */
function split(source: Stream, makeSplitter: MakeSplitter): Stream {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Batch> {
      const iterator = source[Symbol.asyncIterator]();
      let splitter: ReasoningSplitter | undefined;
      let hasText = false;
      /** To be thrown after what was held back. */
      let failure: { readonly error: unknown } | undefined;

      function next(): Promise<Result> {
        return failure === undefined ? iterator.next().then(read, flush) : Promise.reject(failure.error);
      }
      function read(result: Result): Result | Promise<Result> {
        if (result.done === true) return result;
        if (splitter !== undefined) return told(splitter, result.value);
        if (isPlain(result.value)) return result;
        const made = makeSplitter(hasText);
        return "read" in made ? begin(made, result.value) : made.then((ready) => begin(ready, result.value));
      }
      /** Whether no tag can begin in it. Encoded text is looked at as it is; it is decoded while it may be only spaces. */
      function isPlain(batch: Batch): boolean {
        const literals = literalsOf(batch);
        if (literals?.some(mayHoldTag)) return false;
        hasText ||= literals?.some(beginsAnswer) === true;
        if (literals !== undefined && hasText) return true;
        const texts = Array.from(batch).flatMap((part) => (part.type === "text-delta" ? [part.text] : []));
        if (texts.some(mayHoldTag)) return false;
        hasText ||= texts.some((text) => /\S/.test(text));
        return true;
      }
      function begin(made: ReasoningSplitter, batch: Batch): Result | Promise<Result> {
        splitter = made;
        return told(made, batch);
      }
      function told(by: ReasoningSplitter, batch: Batch): Result | Promise<Result> {
        const parts = by.read(batch);
        return parts.length > 0 ? { done: false, value: parts } : next();
      }
      function flush(error: unknown): Result {
        const held = splitter?.flush() ?? [];
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
