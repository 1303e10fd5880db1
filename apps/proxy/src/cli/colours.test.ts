import { expect, it } from "vitest";
import { colours, wantsColours } from "./colours.ts";

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ TERM: "dumb" }, true, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ FORCE_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
])("with %j on a terminal: %s → %s", (environment, isTerminal, expected) => {
  expect(wantsColours(environment, isTerminal)).toBe(expected);
});

it("leaves a text alone where colours are not wanted", () => {
  expect(colours(false).bold("a")).toBe("a");
  expect(colours(true).bold("a")).toBe("\u001b[1ma\u001b[22m");
});
