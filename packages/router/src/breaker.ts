/** Keeps requests away from what has just failed, and lets one through to see whether it is well again. */
export interface Breaker {
  /** How long nobody may pass, milliseconds; 0: somebody may. */
  blockedMs(): number;
  /** Somebody passes: when half open, nobody else does until that one is `close`d, `open`ed or `release`d. */
  pass(): void;
  release(): void;
  close(): void;
  /** `time` is asked with how often this has happened without 60 s of health in between. */
  open(reason: string, time: (level: number) => number): number;
  /** Open for at least so long from now on. */
  keepOpen(reason: string, ms: number): void;
  /** Why it is not closed, in our words. */
  reason(): string | undefined;
}

const FORGET_MS = 60_000;
/** While one request tries, others are told to come back after this. */
const TRIAL_MS = 1000;

export function createBreaker(now: () => number): Breaker {
  let state: "closed" | "open" | "trying" = "closed";
  let until = 0;
  let level = 0;
  let closedAt = Number.NEGATIVE_INFINITY;
  let why: string | undefined;
  return {
    blockedMs() {
      if (state === "closed") return 0;
      if (state === "trying") return TRIAL_MS;
      return Math.max(0, until - now());
    },
    pass() {
      if (state === "open") state = "trying";
    },
    release() {
      if (state === "trying") state = "open";
    },
    close() {
      if (state === "closed") return;
      state = "closed";
      closedAt = now();
      why = undefined;
    },
    open(reason, time) {
      // Requests that were under way when it opened fail as well: they are one event.
      if (state === "open" && until > now()) return 0;
      if (state === "closed" && now() - closedAt > FORGET_MS) level = 0;
      const ms = time(level++);
      state = "open";
      until = now() + ms;
      why = reason;
      return ms;
    },
    keepOpen(reason, ms) {
      [state, until, why] = ["open", Math.max(until, now() + ms), reason];
    },
    reason: () => why,
  };
}
