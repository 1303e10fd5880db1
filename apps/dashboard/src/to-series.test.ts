import { describe, expect, it } from "vitest";
import { toSeries } from "./to-series.ts";

const zeros = [0, 0, 0, 0, 0, 0, 0, 0];
const quiet = { sliceMs: 10_000, lastSliceAt: 1_000_000, requests: zeros, failed: zeros, outputTokens: zeros };

describe("toSeries", () => {
  it("counts the requests of the minute before each moment", () => {
    const { requests, failed } = toSeries({ ...quiet, requests: [1, 0, 0, 0, 0, 2, 0, 3] }, 1_010_000);
    expect(requests).toEqual([1, 1, 1, 1, 1, 3, 2, 5]);
    expect(failed).toEqual(zeros);
  });

  it("makes tokens of half a minute a rate, and counts of the last slice only what has passed", () => {
    const outputTokens = [30, 0, 0, 0, 0, 100, 100, 50];
    const { tokens } = toSeries({ ...quiet, outputTokens }, 1_005_000);
    expect(tokens.map((rate) => Math.round(rate * 100) / 100)).toEqual([3, 1.5, 1, 0, 0, 3.33, 6.67, 10]);
  });

  it("does not divide by next to nothing when a slice has just begun", () => {
    const { tokens } = toSeries({ ...quiet, outputTokens: [...zeros.slice(1), 42] }, 1_000_000);
    expect(tokens.at(-1)).toBe(2);
  });
});
