import { describe, expect, it } from "vitest";
import { decodeEmbeddingRequest } from "./decode-embedding-request.ts";

const decode = (fields: object) => decodeEmbeddingRequest({ model: "m", input: "hi", ...fields });

describe("decodeEmbeddingRequest", () => {
  it("invents nothing", () => {
    expect(decode({})).toStrictEqual({
      model: "m",
      encodingFormat: "float",
      request: { input: ["hi"] },
      warnings: [],
    });
  });

  it("J1: carries every field to its place in the contract", () => {
    const fields = {
      input: ["b", "a"],
      dimensions: 256,
      encoding_format: "base64",
      truncate: false,
      options: { a: 1 },
    };
    expect(decode({ ...fields, user: "u", drop_params: true })).toStrictEqual({
      model: "m",
      encodingFormat: "base64",
      request: { input: ["b", "a"], dimensions: 256, extra: { truncate: false, options: { a: 1 } } },
      warnings: [{ setting: "user", message: "user has no effect here." }],
    });
  });

  it("takes an explicit null for an absent field", () => {
    expect(decode({ dimensions: null, encoding_format: null, user: null, truncate: null })).toStrictEqual(decode({}));
  });

  it("drops what additional_drop_params names", () => {
    expect(decode({ dimensions: 3, additional_drop_params: ["dimensions"] })).toMatchObject({
      request: { input: ["hi"] },
      warnings: [{ setting: "dimensions" }],
    });
  });

  it.each<[object, string, string]>([
    [{ input: undefined }, "input", "input is missing; it must be a string or an array."],
    [{ input: {} }, "input", "input must be a string or an array."],
    [{ input: "" }, "input", "input must be non-empty."],
    [{ input: [] }, "input", "input must be non-empty."],
    [{ input: ["a", ""] }, "input.1", "input.1 must be non-empty."],
    [{ input: ["a", null] }, "input.1", "input.1 must be a string."],
    [{ dimensions: 0 }, "dimensions", "dimensions must be at least 1."],
    [{ dimensions: 1.5 }, "dimensions", "dimensions must be an integer."],
    [{ encoding_format: "int8" }, "encoding_format", 'encoding_format must be one of "float", "base64".'],
    [{ model: "" }, "model", "model must be non-empty."],
  ])("refuses %j by name", (fields, setting, message) => {
    expect(() => decode(fields)).toThrow(expect.objectContaining({ code: "invalid_value", setting, message }));
  });

  it.each([[[1, 2]], [[[1, 2], [3]]], [["a", [1]]]])("J5: refuses tokens %j and says what to send", (input) => {
    expect(() => decode({ input })).toThrow(
      expect.objectContaining({
        code: "invalid_value",
        setting: "input",
        message: "input must be text, not tokens; send the text that they stand for.",
      }),
    );
  });
});
