import { describe, expect, it } from "vitest";
import { createJsonEnd } from "./json-end.ts";

function trailingAfter(pieces: readonly string[]): number {
  const json = createJsonEnd();
  for (const piece of pieces) json.push(piece);
  return json.trailing;
}

const VALUES: readonly unknown[] = [
  {},
  [],
  "",
  { a: 1, "b}": "]", c: [{ d: null }, [[]], '"', "\\", '\\"', "{"] },
  ["\n\t ", "é🦆\u2028", -1.5e-7, true],
  'quoted "text" with \\ and }',
];

describe("G5: the end of a JSON value", () => {
  it.each(VALUES.map((value) => [JSON.stringify(value), value] as const))(
    "is found in %s, cut anywhere",
    (_, value) => {
      for (const json of [JSON.stringify(value), JSON.stringify(value, null, 70)]) {
        for (let at = 0; at <= json.length; at++) {
          expect(trailingAfter([" \n", json.slice(0, at)]), json.slice(0, at)).toBe(0);
          expect(trailingAfter([json.slice(0, at), `${json.slice(at)} \n`, "\t\r"])).toBe(4);
        }
        expect(trailingAfter([...`${json}   `])).toBe(3);
      }
    },
  );

  it.each(["true", "false", "null", "0", "-12.5e+3"])("is found behind %s, once whitespace follows", (json) => {
    for (let at = 0; at <= json.length; at++) expect(trailingAfter([json.slice(0, at), json.slice(at)])).toBe(0);
    expect(trailingAfter([json, " ", "\n"])).toBe(2);
  });

  it.each(["Sure: {}", "truely", "nul", "- ", "```json\n{}\n```", "{} and more", '"a" "b"', "[1] [2]", ""])(
    "is not found in %j, which is no JSON",
    (text) => {
      expect(trailingAfter([text, " ".repeat(100)])).toBe(0);
      expect(trailingAfter([...text, " ".repeat(100)])).toBe(0);
    },
  );

  it("does not take whitespace inside a value for its end", () => {
    expect(trailingAfter(['{"a":', " ".repeat(1000)])).toBe(0);
    expect(trailingAfter(['{"a":"', " ".repeat(1000)])).toBe(0);
    expect(trailingAfter([" ".repeat(1000)])).toBe(0);
  });

  it("costs per character the same for long texts as for short ones", () => {
    const timePer = (length: number): number => {
      const json = createJsonEnd();
      const startedAt = performance.now();
      json.push('["');
      for (let index = 0; index < length; index++) json.push("a");
      return (performance.now() - startedAt) / length;
    };
    timePer(100_000);
    const short = Math.min(timePer(20_000), timePer(20_000), timePer(20_000));
    const long = Math.min(timePer(1_000_000), timePer(1_000_000));
    expect(long).toBeLessThan(short * 5);
  });
});
