import { ProviderError } from "@llamaduct/core";
import { type Breaker, createBreaker } from "./breaker.ts";
import { failureKind } from "./failure-kind.ts";
import type { DeploymentRouting, RoutingOptions } from "./routing-options.ts";

/** Whether a deployment should be asked, from what its answers were like. */
export interface Health {
  /** Milliseconds until it may be asked; 0: now. */
  blockedMs(): number;
  /** It answered that it has too much to do, and this is not over. It may be asked, when nobody else can be. */
  isBusy(): boolean;
  reason(): string | undefined;
  pass(): void;
  /** The one that passed tells nothing: it was aborted, or refused before it was sent. */
  release(): void;
  /** It has begun to answer: others may pass. How that ends is still open. */
  answers(): void;
  succeeded(): void;
  /** `alone`: nobody else could have answered, so it is kept out for a short while only. */
  failed(error: unknown, options: { readonly alone: boolean }): void;
}

export interface HealthOptions {
  readonly now: () => number;
  readonly random: () => number;
  /** Of the host: a lost connection is everybody's there. */
  readonly host: Breaker;
  readonly routing: DeploymentRouting;
  readonly options: RoutingOptions;
  /** Told how long it is left alone. */
  readonly onOpen: (ms: number) => void;
}

export function createHealth({ now, random, host, routing, options, onOpen }: HealthOptions): Health {
  const own = createBreaker(now);
  const outcomes = createOutcomes(now);
  const cooldownMs = routing.cooldownMs ?? options.cooldownMs;
  const never = options.cooldowns === false || cooldownMs === 0;
  const fails = new Map<string, { count: number; readonly until: number }>();
  let busyUntil = NEVER;

  function open(breaker: Breaker, reason: string, alone: boolean): void {
    if (never) return;
    const jitter = 0.8 + 0.4 * random();
    const [first, most] = alone ? [1000, 5000] : [5000, 60_000];
    const ms = breaker.open(reason, (level) => cooldownMs ?? Math.min(first * 2 ** level, most) * jitter);
    if (ms > 0) onOpen(ms);
  }

  /** Fails of one kind, or of all kinds without a number of their own, in the running minute. */
  function count(name: string): number {
    const known = fails.get(name);
    const entry = known !== undefined && known.until > now() ? known : { count: 0, until: now() + 60_000 };
    entry.count++;
    fails.set(name, entry);
    return entry.count;
  }

  /** What the operator says about this failure: `undefined` when nothing, else whether it was one too many. */
  function isTooMany(error: ProviderError): boolean | undefined {
    const kind = failureKind(error);
    const [mine, all] = [routing.allowedFailsPolicy, options.allowedFailsPolicy];
    const ofKind = mine?.[kind] ?? all?.[kind];
    if (ofKind !== undefined) return count(kind) > ofKind;
    // A caller's mistake, or a model that one host lacks, says nothing of the deployment.
    if (kind === "BadRequest" || kind === "NotFound") return undefined;
    const others = mine?.Default ?? all?.Default ?? routing.allowedFails ?? options.allowedFails;
    return others === undefined ? undefined : count("others") > others;
  }

  return {
    blockedMs: () => (never ? 0 : Math.max(own.blockedMs(), host.blockedMs())),
    isBusy: () => busyUntil !== NEVER && busyUntil > now(),
    reason: () => host.reason() ?? own.reason(),
    pass() {
      own.pass();
      host.pass();
    },
    release() {
      own.release();
      host.release();
    },
    answers() {
      own.close();
      host.close();
    },
    succeeded() {
      this.answers();
      outcomes.succeeded();
    },
    failed(error, { alone }) {
      if (!(error instanceof ProviderError)) return this.release();
      if (error.code === "upstream_connection_failed") {
        // A host that says it is well, time and again, and takes no requests is not.
        if (host.reason() === undefined && outcomes.failed()) open(own, error.message, alone);
        return open(host, error.message, alone);
      }
      // Whoever answers is there.
      if (error.upstreamStatus === undefined) host.release();
      else host.close();
      if (isBusyCode(error)) busyUntil = now() + (error.retryAfterMs ?? 250 + 750 * random());
      const isOneTooMany = isTooMany(error);
      const counts = COUNTED.has(error.code);
      if (!counts) own.release();
      const isBroken = isOneTooMany ?? (counts && outcomes.failed());
      if (isBroken || error.code === "upstream_auth_failed") open(own, error.message, alone);
      // A trial that failed is enough.
      else if (counts && own.reason() !== undefined) open(own, error.message, alone);
    },
  };
}

const NEVER = Number.NEGATIVE_INFINITY;
const COUNTED: ReadonlySet<string> = new Set([
  "upstream_protocol_error",
  "upstream_error",
  "upstream_stream_interrupted",
  "upstream_first_byte_timeout",
  "upstream_idle_timeout",
]);

function isBusyCode({ code }: ProviderError): boolean {
  return code === "upstream_busy" || code === "rate_limit_exceeded";
}

const IN_A_ROW = 5;
const WINDOW_MS = 30_000;
const ENOUGH = 20;

/** Five failures in a row, or half of at least twenty within 30 s. */
function createOutcomes(now: () => number) {
  let inARow = 0;
  // Two halves of the window: forgetting costs nothing.
  let [current, previous] = [emptyHalf(), emptyHalf()];
  let startedAt = now();
  const turn = () => {
    const passed = now() - startedAt;
    if (passed < WINDOW_MS / 2) return;
    previous = passed < WINDOW_MS ? current : emptyHalf();
    current = emptyHalf();
    startedAt = now();
  };
  return {
    succeeded(): void {
      turn();
      inARow = 0;
      current.all++;
    },
    /** Whether that was one too many. */
    failed(): boolean {
      turn();
      inARow++;
      current.all++;
      current.failed++;
      const all = current.all + previous.all;
      const isBroken = inARow >= IN_A_ROW || (all >= ENOUGH && (current.failed + previous.failed) * 2 >= all);
      if (isBroken) [inARow, current, previous] = [0, emptyHalf(), emptyHalf()];
      return isBroken;
    },
  };
}

function emptyHalf() {
  return { all: 0, failed: 0 };
}
