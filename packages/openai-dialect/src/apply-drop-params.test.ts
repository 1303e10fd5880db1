import { describe, expect, it } from "vitest";
import { applyDropParams } from "./apply-drop-params.ts";

function drop(body: object, ...names: readonly string[]) {
  const before = structuredClone(body);
  const { body: left, warnings } = applyDropParams({ ...body, additional_drop_params: names });
  expect(body).toEqual(before);
  return { left, dropped: warnings.map(({ setting }) => setting) };
}

describe("applyDropParams", () => {
  it.each([
    [{ drop_params: false }, true],
    [{ drop_params: true }, undefined],
    [{ drop_params: null }, undefined],
    [{}, undefined],
  ])("reads %j: without a word we warn, which is what true means", (fields, strictSettings) => {
    expect(applyDropParams({ seed: 1, ...fields })).toStrictEqual({ body: { seed: 1 }, strictSettings, warnings: [] });
  });

  it("takes its own fields out of the request", () => {
    expect(
      applyDropParams({ seed: 1, drop_params: true, additional_drop_params: [], allowed_openai_params: ["seed"] }).body,
    ).toStrictEqual({ seed: 1 });
  });

  it("drops a field and says so", () => {
    expect(applyDropParams({ seed: 1, stop: "a", additional_drop_params: ["seed"] })).toStrictEqual({
      body: { stop: "a" },
      strictSettings: undefined,
      warnings: [{ setting: "seed", message: "seed was dropped, as additional_drop_params asks." }],
    });
  });

  it("drops below a field, in lists at one place or at every place, and shares what is off the path", () => {
    const body = { a: { b: [{ c: 1, d: 2 }, { c: 3 }, 4], e: 5 }, f: { g: 6 } };
    expect(drop(body, "a.e")).toEqual({ left: { ...body, a: { b: body.a.b } }, dropped: ["a.e"] });
    expect(drop(body, "a.b[0].c").left).toEqual({ ...body, a: { b: [{ d: 2 }, { c: 3 }, 4], e: 5 } });
    expect(drop(body, "a.b[*].c").left).toEqual({ ...body, a: { b: [{ d: 2 }, {}, 4], e: 5 } });
    expect(drop(body, "a.b[1]").left).toEqual({ ...body, a: { b: [{ c: 1, d: 2 }, 4], e: 5 } });
    expect(drop(body, "a.b[*]").left).toEqual({ ...body, a: { b: [], e: 5 } });
    expect(drop(body, "a.e").left).toHaveProperty("f", body.f);
    expect((drop(body, "a.e").left as typeof body).f).toBe(body.f);
  });

  it("says nothing of what is not there", () => {
    const body = { a: { b: [{ c: 1 }] }, d: null, e: "text" };
    for (const name of [
      "x",
      "a.x",
      "a.b[3]",
      "a.b[*].x",
      "a.b.c",
      "e.length",
      "a.c.d",
      "d",
      "",
      ".",
      "toString",
      "e[0]",
    ])
      expect(drop(body, name)).toEqual({ left: body, dropped: [] });
  });

  it("drops several, one after the other", () => {
    expect(drop({ a: 1, b: { c: 2, d: 3 }, e: 4 }, "a", "b.c", "b.d", "a")).toEqual({
      left: { b: {}, e: 4 },
      dropped: ["a", "b.c", "b.d"],
    });
  });

  it("keeps hostile names plain data", () => {
    const body = JSON.parse('{"__proto__":{"polluted":1,"kept":2}}');
    expect(JSON.stringify(drop(body, "__proto__.polluted").left)).toBe('{"__proto__":{"kept":2}}');
    expect(drop({}, "__proto__.polluted", "constructor.prototype").dropped).toEqual([]);
    expect(drop({ [`${"x".repeat(1000)}`]: 1 }, "x".repeat(1000)).dropped).toEqual(["x".repeat(128)]);
  });

  it.each<[object, string, string]>([
    [{ drop_params: "true" }, "drop_params", "drop_params must be a boolean."],
    [{ additional_drop_params: "seed" }, "additional_drop_params", "additional_drop_params must be an array."],
    [{ additional_drop_params: [1] }, "additional_drop_params.0", "additional_drop_params.0 must be a string."],
    [
      { additional_drop_params: new Array(129).fill("a") },
      "additional_drop_params",
      "additional_drop_params must be at most 128 items.",
    ],
    [
      { additional_drop_params: ["a", "a.".repeat(65)] },
      "additional_drop_params.1",
      "additional_drop_params.1 must have at most 64 levels.",
    ],
    [{ allowed_openai_params: {} }, "allowed_openai_params", "allowed_openai_params must be an array."],
  ])("%#: refuses by name", (body, setting, message) => {
    expect(() => applyDropParams(body)).toThrow(expect.objectContaining({ code: "invalid_value", setting, message }));
  });
});
