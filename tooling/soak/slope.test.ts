import { describe, expect, it } from "vitest";
import { slope } from "./slope.ts";

const line = (ys: readonly number[]) => ys.map((y, x) => ({ x, y }));

describe("slope", () => {
  it("is that of a line", () => {
    expect(slope(line([1, 3, 5, 7]))).toBe(2);
    expect(slope(line([5, 4]))).toBe(-1);
  });

  it("is not tilted by one that is far off, wherever it is", () => {
    for (const index of [0, 3, 6]) expect(slope(line([0, 1, 2, 3, 4, 5, 6].with(index, 90)))).toBeCloseTo(1, 0);
  });

  it("is nothing below two points", () => {
    expect(slope(line([3]))).toBeNaN();
  });
});
