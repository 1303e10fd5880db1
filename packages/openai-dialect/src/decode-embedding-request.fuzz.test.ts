import { expect, it } from "vitest";
import { fuzz } from "../test/fuzz.ts";
import { decodeEmbeddingRequest } from "./decode-embedding-request.ts";

const VALID = {
  model: "m",
  input: ["a", "b"],
  dimensions: 3,
  encoding_format: "base64",
  additional_drop_params: ["options.a[0]"],
  user: "u",
  truncate: false,
  options: { a: [1, 2] },
};

it("accepts the request the fuzzing starts from", () => {
  expect(decodeEmbeddingRequest(VALID).request.extra).toEqual({ truncate: false, options: { a: [2] } });
});

fuzz(decodeEmbeddingRequest, VALID);
