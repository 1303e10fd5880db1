import { describe, expect, it } from "vitest";
import { cut, everyCut, utf8 } from "../test/cuts.ts";
import { readText } from "./read-text.ts";

describe("readText", () => {
  it("gives the whole text at every cut", async () => {
    const text = '{"error":"模型 👋 not found"}\r\n';
    const input = utf8(text);
    for (const offsets of everyCut(input.length)) expect(await readText(cut(input, offsets))).toBe(text);
  });

  it("drops a byte order mark at the start only", async () => {
    const input = utf8("\uFEFFa\uFEFFb");
    for (const offsets of everyCut(input.length)) expect(await readText(cut(input, offsets))).toBe("a\uFEFFb");
  });

  it.each([[[0x61, 0xff]], [[0x61, 0xe6, 0x97]]])("refuses what is not UTF-8: %j", async (bytes) => {
    const input = Uint8Array.from(bytes);
    for (const offsets of everyCut(input.length)) {
      await expect(readText(cut(input, offsets))).rejects.toMatchObject({ code: "upstream_protocol_error" });
    }
  });

  it("takes exactly the limit, and leaves the body above it", async () => {
    expect(await readText(cut(utf8("1234"), [2]), 4)).toBe("1234");
    const body = cut(utf8("12345"), [3]);
    await expect(readText(body, 4)).rejects.toMatchObject({ code: "upstream_response_too_large" });
    expect(body.left).toBe(true);
  });
});
