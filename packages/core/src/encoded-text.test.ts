import { describe, expect, it } from "vitest";
import { EncodedText, literalsOf } from "./encoded-text.ts";

const texts = ["The", " <b>", ' "quoted"\n', " 天气", " 💧", "\uFEFF天", "\ud800", "\\u0041"];

/** As an upstream sends it: JSON in UTF-8, each byte a character. */
function toLiteral(text: string): string {
  return Buffer.from(JSON.stringify(text).slice(1, -1)).toString("latin1");
}

describe("EncodedText", () => {
  it("gives its texts as plain parts, as often as it is asked", () => {
    const batch = new EncodedText(texts.map(toLiteral));
    const parts = texts.map((text) => ({ type: "text-delta", text }));
    expect(batch.length).toBe(texts.length);
    expect([...batch]).toEqual(parts);
    expect([...batch]).toEqual(parts);
  });

  it("reads escapes that nobody here would have written", () => {
    expect([...new EncodedText(["\\u003cb\\u003e\\/"])]).toEqual([{ type: "text-delta", text: "<b>/" }]);
  });

  it("hands its literals to those who know it, and an array has none", () => {
    const literals = texts.map(toLiteral);
    expect(literalsOf(new EncodedText(literals))).toBe(literals);
    expect(literalsOf([{ type: "text-delta", text: "a" }])).toBeUndefined();
  });
});
