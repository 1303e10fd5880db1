import { ProviderError } from "@llamaduct/core";
import type { Clock } from "./clock.ts";

/** Who wants slots: one attempt of one request, which may have many streams. */
export interface Ticket {
  readonly caller: string | undefined;
  /** It has had a slot: whatever else it needs may wait for ever, and takes no room in the queue. */
  served: boolean;
}

/** Concurrent streams of one deployment, and those that wait for their turn. */
export interface Slots {
  /** `undefined`: as many as like. */
  readonly limit: number | undefined;
  readonly active: number;
  readonly waiting: number;
  /** Streams on their way here or from here: those that are picked for it, that wait and that run. */
  busy: number;
  /** Whether one more attempt would find a slot or a place in the queue. */
  hasRoom(): boolean;
  /** A slot now, when one is free and nobody waits for it. */
  take(ticket: Ticket): boolean;
  /** A slot in turn. Throws `rate_limit_exceeded` at once when the queue is full, and at its deadline. */
  wait(ticket: Ticket): Turn;
  release(): void;
  /** The error for who finds no room. */
  full(): ProviderError;
}

export interface Turn {
  readonly come: Promise<void>;
  /** Frees the place, or the slot when the turn has come. `come` stays as it is. */
  leave(): void;
}

export interface SlotsOptions {
  readonly limit: number | undefined;
  /** Attempts that may wait. Default: four times the limit, at most 256. */
  readonly length?: number | undefined;
  readonly deadlineMs?: number | undefined;
  readonly clock: Clock;
  /** How long one stream takes, milliseconds: what tells a refused one when to come back. */
  readonly serviceMs: () => number;
}

export function createSlots({ limit, deadlineMs = 30_000, clock, serviceMs, ...options }: SlotsOptions): Slots {
  const length = options.length ?? Math.min(4 * (limit ?? 0), 256);
  const queue = createFairQueue();
  let active = 0;

  function serve(): void {
    while (limit === undefined || active < limit) {
      const next = queue.shift();
      if (next === undefined) return;
      active++;
      next.serve();
    }
  }

  function release(): void {
    active--;
    serve();
  }

  function refused(message: string): ProviderError {
    const ms = ((queue.waiting + 1) / Math.max(limit ?? 1, 1)) * serviceMs();
    const retryAfterMs = Math.min(Math.max(Math.ceil(ms), 1000), 30_000);
    return new ProviderError({ code: "rate_limit_exceeded", message, retryAfterMs });
  }

  function full(): ProviderError {
    return refused(`All ${limit} slots of this deployment are taken, and ${length} requests wait already.`);
  }

  function wait(ticket: Ticket): Turn {
    if (!ticket.served && !queue.newcomers.has(ticket) && queue.newcomers.size >= length) throw full();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // A turn that nobody waits for any more fails unheard.
    promise.catch(() => {});
    const isFirst = !ticket.served;
    const stop = isFirst
      ? clock.after(deadlineMs, () => {
          if (ticket.served || !queue.delete(waiter)) return;
          reject(refused(`No slot of this deployment became free within ${deadlineMs} ms.`));
        })
      : () => {};
    let isServed = false;
    const waiter: Waiter = {
      ticket,
      serve() {
        stop();
        ticket.served = true;
        isServed = true;
        resolve();
      },
    };
    queue.push(waiter);
    return {
      come: promise,
      leave() {
        stop();
        if (isServed) release();
        else queue.delete(waiter);
      },
    };
  }

  return {
    limit,
    busy: 0,
    get active() {
      return active;
    },
    get waiting() {
      return queue.waiting;
    },
    hasRoom: () => limit === undefined || active < limit || queue.newcomers.size < length,
    take(ticket) {
      if (limit !== undefined && active >= limit) return false;
      active++;
      ticket.served = true;
      return true;
    },
    wait,
    release,
    full,
  };
}

interface Waiter {
  readonly ticket: Ticket;
  serve(): void;
}

/** In turns between callers, then between a caller's attempts, then in the order they came. */
function createFairQueue() {
  const callers = new Map<string | undefined, Map<Ticket, Set<Waiter>>>();
  /** Attempts that have had no slot yet: only they take room. */
  const newcomers = new Set<Ticket>();
  let waiting = 0;

  function remove(waiter: Waiter): boolean {
    const { ticket } = waiter;
    const mine = callers.get(ticket.caller);
    const waiters = mine?.get(ticket);
    if (mine === undefined || waiters === undefined || !waiters.delete(waiter)) return false;
    waiting--;
    if (waiters.size > 0) return true;
    newcomers.delete(ticket);
    mine.delete(ticket);
    if (mine.size === 0) callers.delete(ticket.caller);
    return true;
  }

  return {
    newcomers,
    get waiting() {
      return waiting;
    },
    push(waiter: Waiter): void {
      const { ticket } = waiter;
      const mine = callers.get(ticket.caller) ?? new Map<Ticket, Set<Waiter>>();
      callers.set(ticket.caller, mine);
      mine.set(ticket, (mine.get(ticket) ?? new Set()).add(waiter));
      if (!ticket.served) newcomers.add(ticket);
      waiting++;
    },
    delete: remove,
    shift(): Waiter | undefined {
      const [[caller, mine] = []] = callers;
      const [[ticket, waiters] = []] = mine ?? [];
      const [waiter] = waiters ?? [];
      if (mine === undefined || ticket === undefined || waiters === undefined || waiter === undefined) return undefined;
      remove(waiter);
      newcomers.delete(ticket);
      // Who has just been served stands last.
      if (mine.delete(ticket)) mine.set(ticket, waiters);
      if (callers.delete(caller)) callers.set(caller, mine);
      return waiter;
    },
  };
}
