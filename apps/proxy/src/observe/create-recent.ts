import { asksModel, type RequestRecord } from "./request-record.ts";

export interface RecentOptions {
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly now?: (() => number) | undefined;
}

/** What happened lately, for people to look at. */
export interface Recent {
  /** Remembers a request that has ended, unless it asked for no model's work. */
  record(request: RequestRecord): void;
  snapshot(): RecentSnapshot;
}

export interface RecentSnapshot {
  readonly traffic: Traffic;
  /** Newest first, at most 50. */
  readonly errors: readonly RecentError[];
}

/** Half an hour in equal slices, oldest first; the last one is still being filled. */
export interface Traffic {
  readonly sliceMs: number;
  /** When the last slice began, milliseconds since 1970. */
  readonly lastSliceAt: number;
  /** Requests that ended in each slice, failed ones included. */
  readonly requests: readonly number[];
  readonly failed: readonly number[];
  /** Tokens written in each slice; an answer's are spread evenly over the time that it took. */
  readonly outputTokens: readonly number[];
}

/** One request that got an error. */
export interface RecentError {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly route: string;
  readonly status: number;
  readonly code?: string | undefined;
  /** Our own sentence. */
  readonly message?: string | undefined;
  readonly group?: string | undefined;
  readonly model?: string | undefined;
  readonly apiBase?: string | undefined;
}

const SLICE_MS = 10_000;
const SLICES = 180;
const MAX_ERRORS = 50;

/** Keeps half an hour of traffic and the last errors, in the same memory however many requests there are. */
export function createRecent({ now = Date.now }: RecentOptions = {}): Recent {
  const errors: RecentError[] = [];
  const requests = createSlices();
  const failed = createSlices();
  const outputTokens = createSlices();

  return {
    record(request) {
      if (!asksModel(request)) return;
      const { startedAt, totalMs, firstPartMs = 0 } = request;
      const endedAt = startedAt + totalMs;
      requests.add(1, endedAt, endedAt);
      outputTokens.add(request.outputTokens ?? 0, startedAt + firstPartMs, endedAt);
      if (request.outcome !== "failed") return;
      failed.add(1, endedAt, endedAt);
      errors.unshift(toRecentError(request, endedAt));
      errors.length = Math.min(errors.length, MAX_ERRORS);
    },
    snapshot() {
      const last = sliceOf(now());
      const read = ({ read }: Slices) => read(last);
      const traffic = { sliceMs: SLICE_MS, lastSliceAt: last * SLICE_MS };
      return {
        traffic: { ...traffic, requests: read(requests), failed: read(failed), outputTokens: read(outputTokens) },
        errors: [...errors],
      };
    },
  };
}

interface Slices {
  /** Spreads an amount evenly between two times. */
  add(amount: number, from: number, to: number): void;
  /** All of them up to this one. */
  read(last: number): readonly number[];
}

/** A ring: each place remembers which slice of time it holds, so that an old one counts as empty. */
function createSlices(): Slices {
  const amounts = new Float64Array(SLICES);
  const holds = new Float64Array(SLICES).fill(-1);

  function put(slice: number, amount: number): void {
    const place = slice % SLICES;
    const held = holds[place] ?? -1;
    if (held > slice) return;
    amounts[place] = amount + (held === slice ? (amounts[place] ?? 0) : 0);
    holds[place] = slice;
  }

  return {
    add(amount, from, to) {
      if (amount === 0) return;
      const last = sliceOf(to);
      const first = Math.max(sliceOf(from), last - SLICES + 1);
      if (to <= from) return put(last, amount);
      for (let slice = first; slice <= last; slice++) {
        const begin = Math.max(from, slice * SLICE_MS);
        const end = Math.min(to, (slice + 1) * SLICE_MS);
        put(slice, (amount * (end - begin)) / (to - from));
      }
    },
    read: (last) =>
      Array.from({ length: SLICES }, (_, index) => {
        const slice = last - SLICES + 1 + index;
        const place = slice % SLICES;
        return holds[place] === slice ? (amounts[place] ?? 0) : 0;
      }),
  };
}

function sliceOf(time: number): number {
  return Math.floor(time / SLICE_MS);
}

function toRecentError(request: RequestRecord, at: number): RecentError {
  const { id, route, status, errorCode, errorMessage, group, model, apiBase } = request;
  return { id, at, route, status, code: errorCode, message: errorMessage, group, model, apiBase };
}
