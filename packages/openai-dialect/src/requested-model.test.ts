import { expect, it } from "vitest";
import { requestedModel } from "./requested-model.ts";

it("gives the model, whatever the rest is worth", () => {
  expect(requestedModel({ model: "p/m", messages: 3 })).toBe("p/m");
});

it.each([
  [{}, "model", "model is missing; it must be a string."],
  [{ model: 3 }, "model", "model must be a string."],
  [{ model: "" }, "model", "model must be non-empty."],
  [null, undefined, "The request body must be a JSON object."],
  ["p/m", undefined, "The request body must be a JSON object."],
])("refuses %j by name", (body, setting, message) => {
  expect(() => requestedModel(body)).toThrow(expect.objectContaining({ code: "invalid_value", setting, message }));
});
