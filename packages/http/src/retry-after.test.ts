import { expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

it.each([
  ["7", 7000],
  ["0.5", 500],
  ["0", 0],
  [undefined, undefined],
  ["-1", undefined],
  ["Infinity", undefined],
  ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
])("%j is %j ms", (header, expected) => {
  expect(retryAfterMs(header)).toBe(expected);
});
