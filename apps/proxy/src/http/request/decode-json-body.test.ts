import { describe, expect, it } from "vitest";
import { decodeJsonBody } from "./decode-json-body.ts";

const decode = (text: string) => decodeJsonBody(Buffer.from(text));

describe("decodeJsonBody", () => {
  it.each(['{"a":"é🦙"}', '{"a":"\\"}]"}', '"\\\\"', '{"a":"x\\\\\\"y"}', "[]", "not JSON"])(
    "gives the text: %s",
    (text) => {
      expect(decode(text)).toBe(text);
    },
  );

  it("takes 64 levels, not 65", () => {
    expect(decode("[".repeat(64))).toHaveLength(64);
    expect(() => decode("[".repeat(65))).toThrow(expect.objectContaining({ code: "json_too_complex" }));
    expect(() => decode('{"a":'.repeat(65))).toThrow(expect.objectContaining({ code: "json_too_complex" }));
  });

  it("counts what is open, not what was", () => {
    expect(decode("[],".repeat(100))).toHaveLength(300);
    expect(decode("{},".repeat(100))).toHaveLength(300);
  });

  it("takes 200,000 elements, not one more", () => {
    expect(decode(",".repeat(200_000))).toHaveLength(200_000);
    for (const element of [",", ":", "[]", '""'])
      expect(() => decode(element.repeat(200_001))).toThrow(expect.objectContaining({ code: "json_too_complex" }));
  });

  it.each([
    ["plain", '"[[[,,,"'],
    ["with an escaped quote", '"\\"[,"'],
    ["that ends in an escaped backslash", '"[,\\\\"'],
  ])("does not look inside a string %s", (_, text) => {
    const many = text.repeat(100);
    expect(decode(many)).toBe(many);
  });

  it.each(["", "\\"])("does not look inside a string that does not end, but in %j", (end) => {
    const open = `"${"[".repeat(100)}${end}`;
    expect(decode(open)).toBe(open);
  });

  it("looks at what follows a string", () => {
    for (const text of ['"\\\\"', '"\\""', '"a"'])
      expect(() => decode(text + "[".repeat(65))).toThrow(expect.objectContaining({ code: "json_too_complex" }));
  });

  it("refuses nothing and what is not UTF-8", () => {
    expect(() => decode("")).toThrow(expect.objectContaining({ code: "invalid_json" }));
    expect(() => decodeJsonBody(Buffer.from([0x22, 0xff, 0x22]))).toThrow(
      expect.objectContaining({ code: "invalid_json" }),
    );
  });
});
