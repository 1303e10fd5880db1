import { type Batch, EncodedText, ProviderError, type Stream, type Warning } from "@llamaduct/core";
import type { GenerateEvent } from "./generate-wire.ts";
import type { AnswerEvents } from "./read-events.ts";
import { createPartReader, type PartReader, type PartReaderOptions } from "./to-parts.ts";

/** An answer that the server has begun. */
export interface OpenedAnswer {
  readonly events: AsyncIterable<AnswerEvents<GenerateEvent>>;
  readonly warnings: readonly Warning[];
  /** Default false. */
  readonly keepsContext?: boolean | undefined;
}

export interface AnswerOptions extends Pick<PartReaderOptions, "generateId"> {
  readonly modelId: string;
  /** Asks the server. Called at the first read, and again when its refusal has taught what can be left out. */
  readonly open: () => Promise<OpenedAnswer>;
}

/** One answer as the contract has it, `start` to `finish`. Hand-written, as `readAnswer` is. */
export function streamAnswer({ modelId, open, generateId }: AnswerOptions): Stream {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Batch, undefined> {
      let events: AsyncIterator<AnswerEvents<GenerateEvent>> | undefined;
      let reader: PartReader | undefined;
      let isLeft = false;

      async function begin(): Promise<Result> {
        const opened = await openLearning(open);
        events = opened.events[Symbol.asyncIterator]();
        // Nobody else would close what has come after the reader left.
        if (isLeft) return leave();
        reader = createPartReader({ generateId, keepsContext: opened.keepsContext });
        return { done: false, value: [{ type: "start", modelId, warnings: opened.warnings }] };
      }

      function see(read: IteratorResult<AnswerEvents<GenerateEvent>>): Result | Promise<Result> {
        if (read.done === true) {
          reader?.end();
          return OVER;
        }
        const { value } = read;
        const parts = value instanceof EncodedText ? reader?.readText(value) : reader?.read(value);
        return parts === undefined || parts.length === 0 ? next() : { done: false, value: parts };
      }

      const next = (): Promise<Result> => (events === undefined ? begin() : events.next().then(see));

      async function leave(): Promise<Result> {
        isLeft = true;
        await events?.return?.();
        return OVER;
      }

      return { next, return: leave };
    },
  };
}

type Result = IteratorResult<Batch, undefined>;

const OVER: Result = { done: true, value: undefined };

/**
 * A model that cannot reason is asked without, and the caller warned, as soon as that is known (F3); the first time it is
 * known from the refusal.
 */
async function openLearning(open: AnswerOptions["open"]): Promise<OpenedAnswer> {
  try {
    return await open();
  } catch (error) {
    const cannotReason =
      error instanceof ProviderError && error.code === "unsupported" && error.setting === "reasoning";
    if (cannotReason && error.upstreamStatus !== undefined) return open();
    throw error;
  }
}

/** `call_` and 24 random characters, as OpenAI has them. */
export function randomCallId(): string {
  return `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}
