import type { JsonObject } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { toNativeTools } from "./to-native-tools.ts";

function convert(properties: JsonObject, more: JsonObject = {}): unknown {
  const tools = toNativeTools([{ name: "f", parameters: { type: "object", properties, ...more } }]);
  return tools?.[0]?.parameters["properties"];
}

describe("tools for upstreams that keep part of JSON Schema", () => {
  it("B10: no reference dangles, oneOf is anyOf, and bounds are told in the description", () => {
    const city = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
    const days = { type: "integer", minimum: 1, maximum: 9, description: "How many days" };
    const more = { $defs: { city, days } };
    expect(
      convert(
        {
          where: { oneOf: [{ $ref: "#/$defs/city" }, { type: "null" }], description: "Where" },
          days: { $ref: "#/$defs/days" },
          same: { $ref: "#/properties/days", description: "Also" },
        },
        more,
      ),
    ).toEqual({
      where: { anyOf: [city, { type: "null" }], description: "Where" },
      days: { ...days, description: "How many days (minimum 1, maximum 9)" },
      same: { ...days, description: "Also (minimum 1, maximum 9)" },
    });
  });

  it("B10: references that never end, or would double without end, are left to a grammar", () => {
    expect(convert({ next: { $ref: "#" } })).toBeUndefined();
    const doubling = Object.fromEntries(
      Array.from({ length: 30 }, (_, level) => {
        const $ref = `#/$defs/level${level + 1}`;
        return [`level${level}`, { properties: { a: { $ref }, b: { $ref } } }];
      }),
    );
    const $defs = { ...doubling, level30: { type: "string" } };
    expect(convert({ a: { $ref: "#/$defs/level0" } }, { $defs })).toBeUndefined();
  });

  it("B10: many tools together grow no further than one", () => {
    const both = (level: number) => ({
      properties: { a: { $ref: `#/$defs/l${level}` }, b: { $ref: `#/$defs/l${level}` } },
    });
    const $defs = Object.fromEntries(Array.from({ length: 11 }, (_, level) => [`l${level}`, both(level + 1)]));
    const parameters = { type: "object", ...both(0), $defs: { ...$defs, l11: { type: "string" } } };
    const tools = Array.from({ length: 10 }, (_, index) => ({ name: `f${index}`, parameters }));
    expect(toNativeTools(tools.slice(0, 1))).toBeDefined();
    expect(toNativeTools(tools)).toBeUndefined();
  });

  it("B10: references that lead deeper than a schema may be are left to a grammar", () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, level) => [
          `level${level}`,
          level === length - 1 ? { type: "string" } : { properties: { a: { $ref: `#/$defs/level${level + 1}` } } },
        ]),
      );
    const first = { a: { $ref: "#/$defs/level0" } };
    expect(convert(first, { $defs: chain(20) })).toBeDefined();
    expect(convert(first, { $defs: chain(40) })).toBeUndefined();
  });

  it("B11: missing parameters are an empty object", () => {
    const empty = { type: "object", properties: {}, required: [] };
    expect(toNativeTools([{ name: "f", parameters: {} }])?.[0]?.parameters).toEqual(empty);
    // What a caller without types may do.
    const untyped = JSON.parse('[{"name":"f"},{"name":"g","parameters":null}]');
    expect(toNativeTools(untyped)?.map(({ parameters }) => parameters)).toEqual([empty, empty]);
  });

  it.each<[string, JsonObject, unknown]>([
    ["const", { const: "a", type: "string" }, { enum: ["a"], type: "string" }],
    ["oneOf beside anyOf", { oneOf: [{}], anyOf: [{}] }, { oneOf: [{}], anyOf: [{}] }],
    ["allOf of one", { allOf: [{ type: "string" }], title: "T" }, { type: "string", title: "T" }],
    ["allOf of two", { allOf: [{ type: "string" }, {}] }, { allOf: [{ type: "string" }, {}] }],
    ["pattern", { type: "string", pattern: "^a$" }, { type: "string", pattern: "^a$", description: '(pattern "^a$")' }],
    ["default", { type: "integer", default: 3 }, { type: "integer", default: 3, description: "(default 3)" }],
    [
      "format",
      { type: "string", format: "date", description: "D" },
      { type: "string", format: "date", description: 'D (format "date")' },
    ],
    [
      "additionalProperties",
      { type: "object", additionalProperties: false },
      { type: "object", additionalProperties: false },
    ],
    [
      "additionalProperties with a schema",
      { additionalProperties: { const: 1 } },
      { additionalProperties: { enum: [1] } },
    ],
    ["true", { items: true }, { items: {} }],
    [
      "false",
      { type: "array", items: false, anyOf: [false, { type: "null" }] },
      { type: "array", anyOf: [{ type: "null" }] },
    ],
    [
      "a property named like a keyword",
      { properties: { $ref: { type: "string" }, const: true } },
      { properties: { $ref: { type: "string" }, const: {} } },
    ],
    ["data that looks like a schema", { enum: [{ $ref: "#/x" }, true] }, { enum: [{ $ref: "#/x" }, true] }],
  ])("B12: %s", (_, schema, expected) => {
    expect(convert({ a: schema })).toEqual({ a: expected });
  });

  it("B12: a property that is true, one that is false", () => {
    expect(convert({ a: true, b: false })).toEqual({ a: {} });
  });

  it("leaves a plain tool as it is", () => {
    const tool = {
      name: "f",
      description: "d",
      parameters: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
    };
    expect(toNativeTools([tool])).toEqual([tool]);
  });
});
