import type { JsonObject, JsonValue } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { toGrammar } from "./to-grammar.ts";

const anything = { type: ["object", "array", "string", "number", "boolean", "null"] };

function grammarOf(...parameters: JsonObject[]): JsonObject {
  return toGrammar({
    tools: parameters.map((schema, index) => ({ tool: { name: `f${index}`, parameters: schema }, index })),
    mayAnswer: false,
    oneCall: false,
    responseFormat: undefined,
  });
}

/** What the grammar has for one property of a tool. */
function convert(schema: JsonValue): unknown {
  const text = JSON.stringify(grammarOf({ type: "object", properties: { a: schema }, required: ["a"] }));
  return JSON.parse(text).properties.tool_calls.items.properties.arguments.properties.a;
}

describe("the grammar", () => {
  it("is an answer or calls, the key that tells first, and the name before the arguments", () => {
    const tool = { name: "f", description: "not sent", parameters: { type: "object", properties: {} } };
    const grammar = toGrammar({
      tools: [{ tool, index: 0 }],
      mayAnswer: true,
      oneCall: true,
      responseFormat: undefined,
    });
    const call =
      '{"type":"object","properties":{"name":{"type":"string","enum":["f"]},"arguments":{"type":"object","properties":{}}},' +
      '"required":["name","arguments"],"additionalProperties":false}';
    // As text, since the order counts.
    expect(JSON.stringify(grammar)).toBe(
      '{"anyOf":[{"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"],"additionalProperties":false},' +
        `{"type":"object","properties":{"tool_calls":{"type":"array","items":${call},"minItems":1,"maxItems":1}},` +
        '"required":["tool_calls"],"additionalProperties":false}]}',
    );
  });

  it("B10: keeps references and recursion apart for each tool", () => {
    const node = { properties: { next: { $ref: "#/$defs/node" }, kind: { $ref: "#/$defs/kind" } } };
    const first = {
      $ref: "#/$defs/node",
      $defs: { node, kind: { $ref: "#/$defs/word" }, word: { type: "string" }, unused: {} },
    };
    const second = {
      properties: { a: { $ref: "#/definitions/a~1%62~0" }, b: { $ref: "#word" } },
      definitions: { "a/b~": { enum: [1] }, word: { $anchor: "word", type: "null" } },
    };
    const grammar = grammarOf(first, second);
    expect(grammar["$defs"]).toEqual({
      tool0_0: { properties: { next: { $ref: "#/$defs/tool0_0" }, kind: { $ref: "#/$defs/tool0_1" } } },
      tool0_1: { type: "string" },
      tool1_0: { enum: [1] },
      tool1_1: { type: "null" },
    });
    expect(JSON.stringify(grammar)).not.toContain("definitions");
  });

  it("B10: takes thousands of references, one after the other and by name, in no time", () => {
    const length = 5_000;
    const entries = (toSchema: (index: number) => JsonValue) =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`x${index}`, toSchema(index)]));
    const toNext = (index: number) => (index + 1 < length ? { $ref: `#/$defs/x${index + 1}` } : { type: "string" });
    const chained = { properties: entries(() => ({ $ref: "#/$defs/x0" })), $defs: entries(toNext) };
    const named = {
      properties: entries((index) => ({ $ref: `#n${index}` })),
      $defs: entries((index) => ({ $anchor: `n${index}`, type: "string" })),
    };
    const defined = [chained, named].map((schema) => Object.keys(Object(grammarOf(schema)["$defs"])).length);
    expect(defined).toEqual([1, length]);
  });

  it("B11: no parameters are an empty object", () => {
    expect(JSON.stringify(grammarOf({}))).toContain('"arguments":{"type":"object","properties":{}}');
  });

  it.each<[string, JsonValue, unknown]>([
    ["true", true, anything],
    ["an empty schema", {}, anything],
    ["a bare description", { description: "x", default: 3, title: "T" }, anything],
    ["an unknown type", { type: "file" }, anything],
    ["bounds without a type", { minimum: 1 }, anything],
    ["not", { not: { type: "string" } }, anything],
    ["several types, one unknown", { type: ["string", "date"] }, { type: ["string"] }],
    ["false inside", { type: "array", items: false, anyOf: [false, true] }, { type: "array", anyOf: [anything] }],
    ["empty lists", { type: "string", enum: [], anyOf: [], oneOf: [] }, { type: "string" }],
    ["pattern", { type: "string", pattern: "^\\d+$", format: "date" }, { type: "string", format: "date" }],
    [
      "bounds",
      { type: "integer", minimum: 1, exclusiveMaximum: 9, multipleOf: 2 },
      { type: "integer", minimum: 1, exclusiveMaximum: 9 },
    ],
    ["counts", { type: "string", minLength: 2, maxLength: 9999 }, { type: "string", minLength: 2 }],
    ["counts below none", { type: "string", minLength: -5, maxLength: 1.5 }, { type: "string" }],
    ["lengths that none has", { type: "string", minLength: 5, maxLength: 2 }, { type: "string" }],
    ["one length", { type: "string", minLength: 2, maxLength: 2 }, { type: "string", minLength: 2, maxLength: 2 }],
    [
      "a list that none is",
      { type: "array", items: { type: "null" }, minItems: 3, maxItems: 1 },
      { type: "array", items: { type: "null" } },
    ],
    ["bounds the wrong way round", { type: "integer", minimum: 10, maximum: 1 }, { type: "integer" }],
    ["no integer", { type: "integer", exclusiveMinimum: 1, exclusiveMaximum: 2 }, { type: "integer" }],
    [
      "one integer",
      { type: "integer", minimum: 0.5, exclusiveMaximum: 1.5 },
      { type: "integer", minimum: 0.5, exclusiveMaximum: 1.5 },
    ],
    [
      "the integers of other languages",
      { type: "integer", minimum: -(2 ** 63), maximum: 2 ** 63 },
      { type: "integer" },
    ],
    [
      "safe integers above none",
      { type: "integer", exclusiveMinimum: 0, maximum: 9007199254740991 },
      { type: "integer", exclusiveMinimum: 0 },
    ],
    ["allOf of one", { allOf: [{ type: "string" }], description: "x" }, { type: "string" }],
    ["allOf of two", { allOf: [{ type: "string" }, { minLength: 1 }] }, { allOf: [{ type: "string" }, anything] }],
    [
      "additionalProperties",
      { type: "object", additionalProperties: { type: "string" } },
      { type: "object", additionalProperties: { type: "string" } },
    ],
    ["a map", { additionalProperties: false }, { additionalProperties: false }],
    ["required that is no list", { type: "object", required: true }, { type: "object" }],
    ["a tuple", { type: "array", items: [{ type: "string" }] }, { type: "array", prefixItems: [{ type: "string" }] }],
    [
      "const and enum",
      { anyOf: [{ const: null }, { enum: ["a", 1] }] },
      { anyOf: [{ const: null }, { enum: ["a", 1] }] },
    ],
    [
      "properties named like keywords",
      { properties: { not: { type: "string" }, pattern: false } },
      { properties: { not: { type: "string" } } },
    ],
  ])("B12: %s", (_, schema, expected) => {
    expect(convert(schema)).toEqual(expected);
  });

  it("refuses what no grammar can be made of, naming it", () => {
    const deep = Array.from({ length: 70 }).reduce<JsonObject>((inner) => ({ type: "array", items: inner }), {});
    for (const schema of [
      deep,
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
      { $ref: "https://example.org/schema.json" },
      { $ref: "#/$defs/constructor", $defs: {} },
    ])
      expect(() => grammarOf({ properties: {} }, { properties: { a: schema }, ...schema })).toThrow(
        expect.objectContaining({ code: "invalid_value", setting: "tools.1.parameters" }),
      );
  });
});
