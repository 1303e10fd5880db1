import {
  type Batch,
  type Middleware,
  ProviderError,
  type StreamModel,
  type StreamPart,
  type Usage,
} from "@llamaduct/core";
import type { MemberRecord } from "./record.ts";
import type { Ticket, Turn } from "./slots.ts";

/** Counts what one attempt has running at its deployment, and learns from how it goes. */
export interface Meter {
  /**
   * Goes around the deployment's model, outside its deadlines: a stream waits for a slot and holds it to its end. It passes
   * every batch on as it is and minds the signal itself, so that it needs no guard of its own.
   */
  layer<Request>(): Middleware<Request>;
  /** The same for an answer without a stream. */
  hold<Result extends { readonly usage: Usage }>(
    signal: AbortSignal | undefined,
    run: () => Promise<Result>,
  ): Promise<Result>;
  /** The attempt is over, or its streams have begun. */
  settle(): void;
  /** It failed since there was no slot: the deployment was not asked. */
  readonly isRefused: boolean;
}

export interface MeterOptions {
  readonly record: MemberRecord;
  readonly modelId: string;
  /** Of the request's window, tokens. */
  readonly contextLength: number | undefined;
  readonly caller: string | undefined;
  /** Nobody else could answer. */
  readonly alone: boolean;
  readonly now: () => number;
  readonly onBusy: () => void;
  readonly onTokens: (tokens: number) => void;
}

export function createMeter(options: MeterOptions): Meter {
  const { record, modelId, now } = options;
  const { slots, health, host, usage } = record;
  const ticket: Ticket = { caller: options.caller, served: false };
  // From the moment it is picked: others who choose meanwhile must see it. The first stream takes this over.
  let isReserved = true;
  let isRefused = false;
  count(1);

  function count(change: 1 | -1): void {
    slots.busy += change;
    host.busy += change;
    options.onBusy();
  }

  function enter(): Run {
    if (!isReserved) count(1);
    isReserved = false;
    let startedAt = now();
    let firstPartMs: number | undefined;
    let hasLoaded = false;
    let isOver = false;

    /** Once: the first to say how it ended is right. */
    function over(learn: () => void): void {
      if (isOver) return;
      isOver = true;
      count(-1);
      learn();
    }

    return {
      start() {
        startedAt = now();
        host.begins(modelId, options.contextLength);
        hasLoaded = host.model(modelId).loadingSince !== undefined;
      },
      answers() {
        if (firstPartMs !== undefined) return;
        firstPartMs = now() - startedAt;
        host.answers(modelId);
        health.answers();
      },
      finish(told) {
        over(() => {
          const { inputTokens, outputTokens } = told ?? {};
          usage.addAnswer({ totalMs: now() - startedAt, firstPartMs, inputTokens, outputTokens, hasLoaded });
          options.onTokens((inputTokens ?? 0) + (outputTokens ?? 0));
          health.succeeded();
          host.answers(modelId);
        });
      },
      fail(error) {
        over(() => {
          health.failed(error, { alone: options.alone });
          if (!(error instanceof ProviderError)) return;
          host.fails(modelId);
          if (error.code === "model_not_found") host.lacks(modelId);
          if (error.code === "upstream_connection_failed") host.refresh();
          if (error.code.endsWith("_timeout")) usage.addTimeout();
        });
      },
      leave: () => over(() => health.release()),
    };
  }

  function layer<Request>(): Middleware<Request> {
    return function slot(next: StreamModel<Request>): StreamModel<Request> {
      const { provider, modelId } = next;
      return {
        provider,
        modelId,
        capabilities: () => next.capabilities(),
        stream: (request, call) => ({
          [Symbol.asyncIterator]: () => metered(() => next.stream(request, call), call?.signal),
        }),
      };
    };
  }

  /** A slot now or in turn; `leave` gives it back, or the place in the queue. */
  function takeSlot(): { readonly come: Promise<void> | undefined; leave(): void } {
    let place: "inFlight" | "queued" | undefined;
    const move = (to: typeof place) => {
      if (place !== undefined) record[place]--;
      if (to !== undefined) record[to]++;
      place = to;
    };
    const leave = (free: () => void) => () => {
      move(undefined);
      free();
    };
    if (slots.take(ticket)) {
      move("inFlight");
      return { come: undefined, leave: leave(slots.release) };
    }
    const turn = waitForTurn();
    move("queued");
    // Who has left meanwhile has no place to move from.
    const come = turn.come.then(() => place && move("inFlight"), refuse);
    return { come, leave: leave(turn.leave) };
  }

  function waitForTurn(): Turn {
    try {
      return slots.wait(ticket);
    } catch (error) {
      return refuse(error);
    }
  }

  function refuse(error: unknown): never {
    isRefused = true;
    throw error;
  }

  function metered(open: () => AsyncIterable<Batch>, signal: AbortSignal | undefined): AsyncIterator<Batch> {
    const run = enter();
    let slot: { leave(): void } | undefined;
    let iterator: AsyncIterator<Batch> | undefined;
    let batches = 0;
    let isLeft = false;
    let told: Usage | undefined;

    const leaveSlot = () => {
      slot?.leave();
      slot = undefined;
    };

    async function begin(): Promise<Result> {
      try {
        const taken = takeSlot();
        slot = taken;
        if (taken.come !== undefined) await unlessAborted(taken.come, signal);
        if (isLeft) return DONE;
        run.start();
        iterator = open()[Symbol.asyncIterator]();
        return seen(await iterator.next());
      } catch (error) {
        return failed(error);
      }
    }

    function seen(result: Result): Result {
      if (result.done === true) {
        leaveSlot();
        run.finish(told);
        return result;
      }
      // The first batch may hold no more than the upstream's consent.
      if (++batches <= 2 && (batches === 2 || result.value.length > 1)) run.answers();
      told = usageOf(result.value) ?? told;
      return result;
    }

    function failed(error: unknown): never {
      leaveSlot();
      if (isRefused || (signal?.aborted && error === signal.reason)) run.leave();
      else run.fail(error);
      throw error;
    }

    return {
      // Without an async function: this is on the way of every batch.
      next: () => (iterator === undefined ? begin() : iterator.next().then(seen, failed)),
      async return() {
        isLeft = true;
        leaveSlot();
        if (told === undefined) run.leave();
        else run.finish(told);
        return (await iterator?.return?.()) ?? DONE;
      },
    };
  }

  return {
    layer,
    get isRefused() {
      return isRefused;
    },
    async hold(signal, work) {
      const run = enter();
      let slot: { leave(): void } | undefined;
      try {
        const taken = takeSlot();
        slot = taken;
        if (taken.come !== undefined) await unlessAborted(taken.come, signal);
        run.start();
        const result = await work();
        run.finish(result.usage);
        return result;
      } catch (error) {
        if (isRefused || signal?.aborted) run.leave();
        else run.fail(error);
        throw error;
      } finally {
        slot?.leave();
      }
    },
    settle() {
      if (!isReserved) return;
      isReserved = false;
      count(-1);
      health.release();
    },
  };
}

async function unlessAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([turn, promise]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

type Result = IteratorResult<Batch, undefined>;

const DONE: Result = { done: true, value: undefined };

interface Run {
  /** It has a slot. */
  start(): void;
  answers(): void;
  finish(told: Usage | undefined): void;
  fail(error: unknown): void;
  /** Nobody waits for it any more, or it was never sent. */
  leave(): void;
}

/** `finish` ends an array; a batch of another kind is text that nobody has decoded yet, and stays so. */
function usageOf(batch: Batch): Usage | undefined {
  if (!Array.isArray(batch)) return undefined;
  // A batch holds parts.
  const last = (batch as readonly StreamPart[]).at(-1);
  return last?.type === "finish" ? last.usage : undefined;
}
