import { expect, it } from "vitest";
import { checkSchemaSize } from "./check-schema-size.ts";
import { decodeChatRequest } from "./decode-chat-request.ts";
import { decodeCompletionRequest } from "./decode-completion-request.ts";

const properties = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { type: "string" }]));
const object = (count: number) => ({ type: "object", properties: properties(count) });
const values = (length: number) => ({ enum: Array.from({ length }, (_, index) => index) });
const checked = (schema: unknown) => () => checkSchemaSize(schema, "s");

it("T16: takes 250 properties that may be left out, and any number that may not", () => {
  expect(checked(object(250))).not.toThrow();
  expect(checked(object(251))).toThrow("s has more than 250 properties in one object that are not required.");
  const { properties } = object(1000);
  expect(checked({ properties, required: Object.keys(properties) })).not.toThrow();
  expect(checked({ properties, required: Object.keys(properties).slice(251) })).toThrow("250 properties");
});

it("T16: takes 2,000 values of an enum", () => {
  expect(checked(values(2000))).not.toThrow();
  expect(checked(values(2001))).toThrow("s has more than 2000 values in one enum.");
});

it.each([
  { properties: { a: { items: object(251) } } },
  { $defs: { a: { anyOf: [{}, object(251)] } } },
  { type: "object", properties: { properties: object(251) } },
  { allOf: [{ not: values(2001) }] },
])("T16: looks everywhere", (schema) => {
  expect(checked(schema)).toThrow("s has more than");
});

it("T16: names the field of a request", () => {
  const chat = { model: "m", messages: [{ role: "user", content: "hi" }] };
  const tool = (parameters: object) => ({ type: "function", function: { name: `f${Math.random()}`, parameters } });
  const format = { type: "json_schema", json_schema: { name: "n", schema: object(251) } };
  const settingOf = (decode: () => unknown) => {
    try {
      decode();
    } catch (error) {
      return (error as { setting?: string }).setting;
    }
    return undefined;
  };
  expect(settingOf(() => decodeChatRequest({ ...chat, tools: [tool(object(3)), tool(object(251))] }))).toBe(
    "tools.1.function.parameters",
  );
  expect(settingOf(() => decodeChatRequest({ ...chat, response_format: format }))).toBe(
    "response_format.json_schema.schema",
  );
  expect(settingOf(() => decodeChatRequest({ ...chat, format: object(251) }))).toBe("format");
  expect(settingOf(() => decodeCompletionRequest({ model: "m", prompt: "p", response_format: format }))).toBe(
    "response_format.json_schema.schema",
  );
});
