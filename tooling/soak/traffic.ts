import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "./ask.ts";
import { KINDS, type Kind } from "./kinds.ts";

export interface TrafficOptions {
  readonly url: string;
  /** Whether an upstream was down in that time: then some errors are its. Milliseconds of `performance.now()`. */
  readonly wasDown: (from: number, to: number) => boolean;
}

export interface Counts {
  readonly answered: Readonly<Record<string, number>>;
  readonly left: number;
  /** By what a client saw, while an upstream was down. */
  readonly explained: Readonly<Record<string, number>>;
  /** The same, while none was. */
  readonly unexplained: Readonly<Record<string, number>>;
}

/** Requests of every kind; one in five is left before its end. */
export interface Traffic {
  /** So many a second, evenly; 0 sends none. */
  setRate(perSecond: number): void;
  /** Sends as many at a time as that for a while, none of which is left early, and gives how many were answered a second. */
  peak(concurrency: number, ms: number): Promise<number>;
  /** When everything that was sent has ended. */
  quiet(): Promise<void>;
  readonly counts: Counts;
  close(): Promise<void>;
}

const SHARE_LEFT = 0.2;
/** As long as most answers take. */
const LEAVE_WITHIN_MS = 60;
const TOTAL = KINDS.reduce((sum, { weight }) => sum + weight, 0);

export function startTraffic({ url, wasDown }: TrafficOptions): Traffic {
  let client: Client = createClient(url);
  const open = new Set<Promise<void>>();
  const counts = { answered: {}, left: 0, explained: {}, unexplained: {} };
  let rate = 0;
  let due = 0;
  let isOver = false;

  async function one(kind: Kind, mayLeave: boolean): Promise<void> {
    const from = performance.now();
    const leaveAfterMs = mayLeave && Math.random() < SHARE_LEFT ? Math.random() * LEAVE_WITHIN_MS : undefined;
    const seen = await outcomeOf(client, kind, leaveAfterMs);
    if (seen === "left") counts.left += 1;
    else if (seen === "right") count(counts.answered, kind.name);
    else count(wasDown(from, performance.now()) ? counts.explained : counts.unexplained, `${kind.name}: ${seen}`);
  }

  function start(kind: Kind): void {
    const ended = one(kind, true).finally(() => open.delete(ended));
    open.add(ended);
  }

  /** Catches up with what is due, so that a slow moment is followed by more, as it is with users. */
  async function run(): Promise<void> {
    for (let last = performance.now(); !isOver; ) {
      await sleep(5);
      const now = performance.now();
      due += ((now - last) / 1000) * rate;
      last = now;
      for (; due >= 1; due--) start(anyKind());
    }
  }
  const running = run();

  return {
    counts,
    setRate(perSecond) {
      rate = perSecond;
      due = 0;
    },
    async peak(concurrency, ms) {
      const until = performance.now() + ms;
      let ended = 0;
      const busy = async () => {
        for (; performance.now() < until; ended++) await one(anyKind(), false);
      };
      await Promise.all(Array.from({ length: concurrency }, busy));
      return (ended / ms) * 1000;
    },
    async quiet() {
      while (open.size > 0) await Promise.all(open);
      client.close();
      client = createClient(url);
    },
    async close() {
      isOver = true;
      await running;
      client.close();
    },
  };
}

async function outcomeOf(
  client: Client,
  { question, isRight }: Kind,
  leaveAfterMs: number | undefined,
): Promise<string> {
  try {
    const answer = await client.ask({ ...question, leaveAfterMs });
    if (answer === undefined) return "left";
    return isRightAnswer(answer, isRight) ? "right" : codeOf(answer);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

type Answer = Parameters<Kind["isRight"]>[0];

function isRightAnswer(answer: Answer, isRight: Kind["isRight"]): boolean {
  try {
    return isRight(answer);
  } catch {
    // It has not even the form of one.
    return false;
  }
}

/** The error that an answer tells, or its beginning. */
function codeOf({ status, text }: Answer): string {
  const [, code] = /"code":"(\w+)"\}\}/.exec(text) ?? [];
  return `${status} ${code ?? `wrong answer ${text.slice(0, 100)}`}`;
}

function anyKind(): Kind {
  let left = Math.random() * TOTAL;
  const found = KINDS.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  if (found === undefined) throw new RangeError("Math.random() is below 1.");
  return found;
}

function count(all: Record<string, number>, key: string): void {
  all[key] = (all[key] ?? 0) + 1;
}
