import { type Batch, EncodedText, ProviderError, type Warning } from "@llamaduct/core";
import type { GenerateEvent } from "./generate-wire.ts";
import type { AnswerEvents } from "./read-events.ts";
import { createPartReader, type PartReaderOptions } from "./to-parts.ts";

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

/** One answer as the contract has it, `start` to `finish`. */
export async function* streamAnswer({ modelId, open, generateId }: AnswerOptions): AsyncGenerator<Batch> {
  const { events, warnings, keepsContext } = await openLearning(open);
  yield [{ type: "start", modelId, warnings }];
  const reader = createPartReader({ generateId, keepsContext });
  for await (const batch of events) {
    const parts = batch instanceof EncodedText ? reader.readText(batch) : reader.read(batch);
    if (parts.length > 0) yield parts;
  }
  reader.end();
}

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
