import type { Traffic } from "./status.ts";

/** Slices that make up the rate at a moment: a single one would jump. */
const MINUTE = 6;
const TOKEN_WINDOW = 3;

/** Half an hour as lines to draw, oldest first. */
export interface Series {
  /** Requests that ended in the minute before each moment. */
  readonly requests: readonly number[];
  readonly failed: readonly number[];
  /** Tokens a second, over half a minute. */
  readonly tokens: readonly number[];
}

export function toSeries(traffic: Traffic, now: number): Series {
  const { sliceMs, lastSliceAt } = traffic;
  // The last slice is still being filled; to count it as a whole one would have every line dip at its end.
  const partMs = Math.min(sliceMs, Math.max(1_000, now - lastSliceAt));
  const seconds = (index: number) => {
    const isLast = index === traffic.outputTokens.length - 1;
    return (Math.min(TOKEN_WINDOW, index + 1) * sliceMs - (isLast ? sliceMs - partMs : 0)) / 1000;
  };
  return {
    requests: windowSums(traffic.requests, MINUTE),
    failed: windowSums(traffic.failed, MINUTE),
    tokens: windowSums(traffic.outputTokens, TOKEN_WINDOW).map((sum, index) => sum / seconds(index)),
  };
}

/** At each place the sum of the last `width` values. */
function windowSums(values: readonly number[], width: number): readonly number[] {
  return values.map((_, index) => sum(values.slice(Math.max(0, index - width + 1), index + 1)));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
