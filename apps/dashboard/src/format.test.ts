import { expect, it } from "vitest";
import { formatDuration, formatNumber, formatSeconds } from "./format.ts";

it.each([
  [0, "0"],
  [0.44, "0.4"],
  [9, "9"],
  [12.6, "13"],
  [8192, "8,192"],
])("formatNumber(%j) is %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it.each([
  [-5_000, "0 s"],
  [4_400, "4 s"],
  [272_000, "4 min 32 s"],
  [3_599_600, "1 h 0 min"],
  [93_784_000, "1 d 2 h"],
])("formatDuration(%j) is %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([
  [42, "0.04 s"],
  [12_340, "12.3 s"],
])("formatSeconds(%j) is %s", (ms, text) => {
  expect(formatSeconds(ms)).toBe(text);
});
