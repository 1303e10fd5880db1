import type { JsonObject } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { createValidators } from "./validators.ts";

const violation = async (schema: JsonObject | undefined, text: string) => (await createValidators().get(schema))(text);

describe("G4: an answer", () => {
  const schema: JsonObject = {
    type: "object",
    properties: { items: { type: "array", items: { enum: ["a", "b"] } }, "a/b": { type: "integer" } },
    required: ["items"],
    additionalProperties: { type: "object", required: ["id"] },
  };

  it.each([
    ['{"items":["a"]}', undefined],
    [' {"items":[],"x":{"id":1}}\n', undefined],
    ['{"items":', "is not JSON"],
    ["", "is not JSON"],
    ["[]", "breaks its schema at its root: must be object"],
    ["{}", "breaks its schema at its root: must have required property 'items'"],
    ['{"items":["a","c"]}', "breaks its schema at /items/1: must be equal to one of the allowed values"],
    ['{"items":[],"a/b":"x"}', "breaks its schema at /a~1b: must be integer"],
  ])("%j: %s", async (text, expected) => {
    expect(await violation(schema, text)).toBe(expected);
  });

  it("is never quoted, not even by a name it made up", async () => {
    expect(await violation(schema, '{"items":[],"secret":{}}')).toBe(
      "breaks its schema at /*: must have required property 'id'",
    );
    expect(await violation({ additionalProperties: false }, '{"secret":1}')).not.toContain("secret");
    expect(await violation({ propertyNames: { maxLength: 1 } }, '{"secret":1}')).not.toContain("secret");
  });

  it("is named by what encloses the failure, when one of several would have done", async () => {
    const either: JsonObject = { properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] } } };
    expect(await violation(either, '{"a":1}')).toBe("breaks its schema at /a: must match a schema in anyOf");
  });

  it("without a schema need only be JSON", async () => {
    expect(await violation(undefined, "[1]")).toBeUndefined();
    expect(await violation(undefined, "null")).toBeUndefined();
    expect(await violation(undefined, "[1")).toBe("is not JSON");
  });

  it("owes a property even if every object inherits one of that name", async () => {
    expect(await violation({ required: ["constructor"] }, "{}")).toContain("must have required property");
  });

  it.each<[string, JsonObject, string]>([
    ["a pattern that backtracks", { pattern: "^(a+)+$" }, JSON.stringify(`${"a".repeat(40)}!`)],
    ["references that multiply", doubling(40), '"a"'],
    [
      "a value too deep",
      { $ref: "#/$defs/list", $defs: { list: { type: "array", items: { $ref: "#/$defs/list" } } } },
      "[".repeat(100_000) + "]".repeat(100_000),
    ],
  ])("that is too much to check is refused in time: %s", async (_, costly, text) => {
    const validate = await createValidators().get(costly);
    const startedAt = performance.now();
    expect(validate(text)).toContain("too much to check");
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(String(validate("7"))).not.toContain("too much");
  });
});

/** Every level asks for the next one twice. */
function doubling(levels: number): JsonObject {
  const next = (level: number) => ({ $ref: `#/$defs/d${level + 1}` });
  const defs = Array.from({ length: levels }, (_, level) => [`d${level}`, { allOf: [next(level), next(level)] }]);
  return { $ref: "#/$defs/d0", $defs: { ...Object.fromEntries(defs), [`d${levels}`]: { type: "string" } } };
}

describe("a schema", () => {
  it.each<[string, JsonObject, string]>([
    ["an unknown type", { type: "zork" }, "/type: must be equal to one of the allowed values"],
    ["a keyword of the wrong kind", { properties: 5 }, "/properties: must be object"],
    ["a pattern that is none", { pattern: "(" }, "Invalid regular expression"],
    ["a reference to nowhere", { $ref: "#/$defs/none" }, "can't resolve reference"],
    ["a reference to elsewhere, never fetched", { $ref: "https://example.invalid/s.json" }, "can't resolve reference"],
    ["another draft", { $schema: "http://json-schema.org/draft-04/schema#" }, "no schema with key or ref"],
    ["more than can be compiled", wide(20_000), "it is too large"],
  ])("is refused, naming the field: %s", async (_, schema, reason) => {
    const error = await createValidators()
      .get(schema)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "invalid_value", setting: "responseFormat.schema" });
    expect((error as Error).message).toContain(`Answers cannot be validated against this schema: ${reason}`);
  });

  it("is read as 2020-12, or as draft-07 when it says so", async () => {
    const tuple = { prefixItems: [{ type: "string" }] };
    expect(await violation(tuple, "[1]")).toContain("/0: must be string");
    const $schema = "http://json-schema.org/draft-07/schema#";
    expect(await violation({ $schema, ...tuple }, "[1]")).toBeUndefined();
    expect(await violation({ $schema, items: [{ type: "string" }] }, "[1]")).toContain("/0: must be string");
    expect(await violation({ $schema: "https://json-schema.org/draft/2020-12/schema", ...tuple }, "[1]")).toContain(
      "/0",
    );
  });

  it("may have unknown keywords and formats, which are annotations", async () => {
    expect(await violation({ type: "string", format: "email", "x-hint": 1 }, '"none"')).toBeUndefined();
  });

  it("cannot make the check answer later, which would let everything pass", async () => {
    expect(await violation({ $async: true, type: "string" }, "1")).toContain("must be string");
  });

  it("does not answer for another's reference, nor stand in another's way, by its $id", async () => {
    const validators = createValidators();
    await validators.get({ $id: "https://example.com/a", $defs: { b: { $id: "https://example.com/b" } } });
    await validators.get({ $id: "https://example.com/a", type: "string" });
    await expect(validators.get({ $ref: "https://example.com/b" })).rejects.toMatchObject({ code: "invalid_value" });
  });

  it("is compiled once, as long as it is among the latest 64", async () => {
    const validators = createValidators();
    const first = await validators.get({ minLength: 1000 });
    for (let length = 0; length < 63; length++) await validators.get({ minLength: length });
    expect(await validators.get({ minLength: 1000 })).toBe(first);
    for (let length = 100; length < 163; length++) await validators.get({ minLength: length });
    expect(await validators.get({ minLength: 1000 })).toBe(first);
    for (let length = 0; length < 64; length++) await validators.get({ minLength: length });
    expect(await validators.get({ minLength: 1000 })).not.toBe(first);

    const large = wide(1);
    const padded = { ...large, title: "x".repeat(70_000) };
    expect(await validators.get(large)).toBe(await validators.get(structuredClone(large)));
    expect(await validators.get(padded)).not.toBe(await validators.get(padded));
  });
});

function wide(count: number): JsonObject {
  const names = Array.from({ length: count }, (_, index) => [`p${index}`, { type: "string", pattern: `^${index}` }]);
  return { type: "object", properties: Object.fromEntries(names) };
}
