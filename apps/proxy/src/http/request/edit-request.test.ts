import { ProviderError } from "@llamaduct/core";
import { expect, it } from "vitest";
import { editRequest } from "./edit-request.ts";

it("puts another model in the place of the one that is named", () => {
  expect(editRequest({ model: "a", n: 2 }, { model: "b" })).toEqual({ model: "b", n: 2 });
  expect(editRequest({ n: 2 }, { model: "b" })).toEqual({ model: "b", n: 2 });
  expect(editRequest({ model: "a" }, {})).toEqual({ model: "a" });
});

it.each<[string, object, unknown]>([
  ["is asked for", { stream: true }, { include_usage: true }],
  ["is asked for beside other options", { stream: true, stream_options: { a: 1 } }, { a: 1, include_usage: true }],
  ["is asked for where null stands", { stream: true, stream_options: null }, { include_usage: true }],
  ["stays refused", { stream: true, stream_options: { include_usage: false } }, { include_usage: false }],
  ["is no matter of a whole answer", { stream: false }, undefined],
  ["leaves a wrong value to be refused", { stream: true, stream_options: 7 }, 7],
])("a stream's usage %s", (_, body, options) => {
  expect(editRequest(body, { includeStreamUsage: true })).toEqual({
    ...body,
    ...(options !== undefined && { stream_options: options }),
  });
  expect(editRequest(body, {})).toEqual(body);
});

it.each([{ context: [99_999_999] }, { context: [] }, { options: { context: [1] } }])("refuses %j", (body) => {
  const refused = () => editRequest({ model: "a", ...body }, {});
  expect(refused).toThrow(ProviderError);
  expect(refused).toThrow(expect.objectContaining({ code: "unsupported", setting: "extra.context" }));
});

it.each([{ context: true }, { context: null }, { options: null }, { options: { num_ctx: 1 } }])(
  "lets %j be",
  (body) => {
    expect(editRequest(body, {})).toEqual(body);
  },
);

it.each([undefined, null, "text", 7, [{ context: [1] }]])("leaves what is no object alone: %j", (body) => {
  expect(editRequest(body, { model: "b" })).toBe(body);
});
