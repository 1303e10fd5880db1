import type { JsonObject } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { toEngineSchema } from "./to-engine-schema.ts";

describe("G6: a schema for an engine", () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      "has no boolean sub-schemas",
      { properties: { a: true, b: false }, anyOf: [true], items: true, contains: false, $defs: { c: true } },
      { properties: { a: {}, b: {} }, anyOf: [{}], items: {}, contains: {}, $defs: { c: {} } },
    ],
    [
      "keeps the booleans that engines know",
      { additionalProperties: false, properties: { a: { type: "array", unevaluatedItems: true } } },
      { additionalProperties: false, properties: { a: { type: "array", unevaluatedItems: true } } },
    ],
    [
      "says nothing of itself",
      { $schema: "s", $id: "i", $comment: "c", additionalProperties: { $id: "j", type: "string" } },
      { additionalProperties: { type: "string" } },
    ],
    [
      "says anything where no grammar would come of it",
      { properties: { a: { title: "A" }, b: { not: { type: "string" } }, c: { minLength: 1, pattern: "^a$" } } },
      { properties: { a: {}, b: {}, c: {} } },
    ],
    [
      "has no patterns but those that engines know",
      {
        items: [
          { type: "string", pattern: "^[a-z]+$" },
          { type: "string", pattern: "^\\d+$" },
        ],
      },
      { items: [{ type: "string", pattern: "^[a-z]+$" }, { type: "string" }] },
    ],
    [
      "counts no further than engines do",
      { type: "array", minItems: 1001, maxItems: 1000, items: { type: "string", minLength: 1000, maxLength: 1001 } },
      { type: "array", maxItems: 1000, items: { type: "string", minLength: 1000 } },
    ],
    [
      "has no bounds that nothing can meet, or that engines never get through",
      {
        type: "object",
        properties: {
          text: { type: "string", minLength: 5, maxLength: 2 },
          list: { type: "array", minItems: 3, maxItems: 1, items: { type: "null" } },
          negative: { type: "string", minLength: -5, maxLength: 1.5 },
          none: { type: "integer", exclusiveMinimum: 1, exclusiveMaximum: 2 },
          below: { type: "integer", minimum: 10, maximum: 1 },
          long: { type: "integer", minimum: 1e15, maximum: 2 ** 63 },
          most: { type: "integer", exclusiveMinimum: 0, maximum: 9007199254740991 },
          one: { type: "integer", minimum: 0.5, exclusiveMaximum: 1.5 },
          same: { type: "string", minLength: 2, maxLength: 2 },
        },
      },
      {
        type: "object",
        properties: {
          text: { type: "string" },
          list: { type: "array", items: { type: "null" } },
          negative: { type: "string" },
          none: { type: "integer" },
          below: { type: "integer" },
          long: { type: "integer" },
          most: { type: "integer", exclusiveMinimum: 0 },
          one: { type: "integer", minimum: 0.5, exclusiveMaximum: 1.5 },
          same: { type: "string", minLength: 2, maxLength: 2 },
        },
      },
    ],
    [
      "keeps names and data that look like keywords",
      {
        properties: { $id: { const: { $id: true } }, pattern: true, maxItems: { type: "null" } },
        default: { items: true },
        enum: [true, { $id: 1 }],
      },
      {
        properties: { $id: { const: { $id: true } }, pattern: {}, maxItems: { type: "null" } },
        default: { items: true },
        enum: [true, { $id: 1 }],
      },
    ],
    [
      "is cleaned at every depth",
      {
        allOf: [{ items: [{ type: "array", if: { not: true } }, false] }],
        definitions: { a: { prefixItems: [true] } },
      },
      { allOf: [{ items: [{ type: "array", if: {} }, {}] }], definitions: { a: { prefixItems: [{}] } } },
    ],
    ["is not checked", { properties: 7, items: "x", pattern: 1 }, { properties: 7, items: "x", pattern: 1 }],
  ])("%s", (_, schema, expected) => {
    const before = structuredClone(schema);
    expect(toEngineSchema(schema)).toStrictEqual(expected);
    expect(schema).toStrictEqual(before);
  });

  it("keeps a property of any name", () => {
    const schema: JsonObject = JSON.parse('{"properties":{"__proto__":{"type":"string"},"constructor":true}}');
    expect(JSON.stringify(toEngineSchema(schema))).toBe(
      '{"properties":{"__proto__":{"type":"string"},"constructor":{}}}',
    );
  });
});
