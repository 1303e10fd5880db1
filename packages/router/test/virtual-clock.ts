import type { Clock } from "../src/clock.ts";

export interface VirtualClock extends Clock {
  /** Lets so much time pass: timers fire in order, and what they set off settles before the next. */
  advance(ms: number): Promise<void>;
  /** Until no timer of the foreground is left. */
  drain(): Promise<void>;
}

/** Time that passes only when told to. */
export function virtualClock(): VirtualClock {
  const timers = new Map<number, { readonly at: number; readonly run: () => void; readonly background: boolean }>();
  let time = 0;
  let ids = 0;

  /** Promises settle in turns; none of ours takes more of them than this. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  function next(until: number) {
    let first: { readonly id: number; readonly at: number } | undefined;
    for (const [id, { at }] of timers) if (at <= until && (first === undefined || at < first.at)) first = { id, at };
    return first;
  }

  async function runNext(until: number): Promise<boolean> {
    const due = next(until);
    if (due === undefined) return false;
    const timer = timers.get(due.id);
    timers.delete(due.id);
    time = Math.max(time, due.at);
    timer?.run();
    await settle();
    return true;
  }

  return {
    now: () => time,
    after(ms, run, { background = false } = {}) {
      const id = ids++;
      timers.set(id, { at: time + ms, run, background });
      return () => void timers.delete(id);
    },
    async advance(ms) {
      const until = time + ms;
      await settle();
      while (await runNext(until));
      time = until;
    },
    async drain() {
      await settle();
      while ([...timers.values()].some(({ background }) => !background)) await runNext(Number.POSITIVE_INFINITY);
    },
  };
}
