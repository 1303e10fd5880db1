import type { Allowance, LimitStore } from "./limit-store.ts";

export interface MemoryLimitStoreOptions {
  /** A monotonic clock, milliseconds. Default: `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** Counters of this process alone. A window begins with its key's first use and forgets everything when it ends. */
export function createMemoryLimitStore({ now = () => performance.now() }: MemoryLimitStoreOptions = {}): LimitStore {
  const windows = new Map<string, Window>();
  let sweepAt = MIN_SWEEP;

  function open(key: string, windowMs: number): Window {
    const at = now();
    const known = windows.get(key);
    if (known !== undefined && at < known.endsAt) return known;
    const window = { used: 0, endsAt: at + windowMs };
    windows.set(key, window);
    // Keys come from callers: what nobody uses any more must not stay. Sweeping at twice the last size costs O(1) a use.
    if (windows.size >= sweepAt) {
      for (const [key, { endsAt }] of windows) if (endsAt <= at) windows.delete(key);
      sweepAt = Math.max(MIN_SWEEP, windows.size * 2);
    }
    return window;
  }

  return {
    async use({ key, amount, limit, windowMs }): Promise<Allowance> {
      const window = open(key, windowMs);
      const allowed = window.used + amount <= limit;
      if (allowed) window.used += amount;
      return { allowed, remaining: Math.max(0, limit - window.used), resetMs: Math.max(0, window.endsAt - now()) };
    },
    async add({ key, amount, windowMs }): Promise<void> {
      open(key, windowMs).used += amount;
    },
  };
}

const MIN_SWEEP = 1024;

interface Window {
  used: number;
  readonly endsAt: number;
}
