import type { Capabilities, JsonObject, JsonValue } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { type Endpoint, placeExtras } from "./place-extras.ts";
import { type CommonRequest, toRequestFields } from "./to-request-fields.ts";
import { UNKNOWN_CAPABILITIES } from "./unknown-capabilities.ts";

/** Less `truncate: false`, which every request carries. */
type Request = CommonRequest & { readonly extra?: JsonObject };
const convert = ({ extra, ...request }: Request, endpoint: Endpoint = "chat") =>
  toRequestFields(request, { extras: extra && placeExtras(extra, endpoint) });
const fields = (request: Request, endpoint: Endpoint = "chat"): object => {
  const { truncate, ...rest } = convert(request, endpoint).fields;
  return truncate === false ? rest : { ...rest, truncate };
};
const warned = (request: Request, endpoint: Endpoint = "chat") =>
  convert(request, endpoint).warnings.map(({ setting }) => setting);

describe("toRequestFields", () => {
  it("I3, I9: sends only what was asked, under Ollama's own names, zero included", () => {
    expect(fields({})).toEqual({});
    expect(fields({ settings: { temperature: undefined }, extra: { num_ctx: null } })).toEqual({});
    expect(
      fields({
        settings: {
          maxOutputTokens: 5,
          temperature: 0,
          topP: 0.9,
          topK: 3,
          minP: 0.1,
          frequencyPenalty: 0,
          presencePenalty: 1,
          seed: 7,
          stop: ["a", "b"],
        },
      }),
    ).toEqual({
      options: {
        num_predict: 5,
        temperature: 0,
        top_p: 0.9,
        top_k: 3,
        min_p: 0.1,
        frequency_penalty: 0,
        presence_penalty: 1,
        seed: 7,
        stop: ["a", "b"],
      },
    });
  });

  it("asks for logprobs beside the options; 0 alternatives is not none", () => {
    expect(fields({ settings: { logprobs: 0 } })).toEqual({ logprobs: true, top_logprobs: 0 });
  });

  it.each([
    [true, true],
    [false, false],
    ["none", false],
    ["minimal", "low"],
    ["low", "low"],
    ["medium", "medium"],
    ["high", "high"],
    ["xhigh", "max"],
    ["max", "max"],
  ] as const)("F3: reasoning %j is think %j", (reasoning, think) => {
    expect(fields({ reasoning })).toEqual({ think });
  });

  it("F3: says so where a level is not Ollama's", () => {
    expect(warned({ reasoning: "minimal", strictSettings: true })).toEqual(["reasoning"]);
    expect(warned({ reasoning: "xhigh" })).toEqual(["reasoning"]);
    expect(warned({ reasoning: "high" })).toEqual([]);
  });

  it.each<[string, Request, string]>([
    ["reasoning", { reasoning: "high" }, "reasoning"],
    ["a raw think", { extra: { think: true } }, "extra.think"],
  ])(
    "F3: %s on a model without thinking is left out, with one warning, or refused when strict",
    (_, { extra, ...request }, setting) => {
      const capabilities: Capabilities = { ...UNKNOWN_CAPABILITIES, reasoning: "none" };
      const options = { capabilities, extras: extra && placeExtras(extra, "chat") };
      const converted = toRequestFields(request, options);
      expect(converted.fields).not.toHaveProperty("think");
      expect(converted.warnings.map((warning) => warning.setting)).toEqual([setting]);
      expect(() => toRequestFields({ ...request, strictSettings: true }, options)).toThrow(
        expect.objectContaining({ code: "unsupported", setting }),
      );
      expect(toRequestFields({ reasoning: false }, options).fields.think).toBe(false);
    },
  );

  it("F4: think stands beside the options, never among them", () => {
    expect(fields({ extra: { options: { think: "low", temperature: 1 } } })).toEqual({
      think: "low",
      options: { temperature: 1 },
    });
  });

  it("I6: nothing is cut without a word, unless the caller wants it cut", () => {
    expect(convert({}).fields).toEqual({ truncate: false });
    expect(convert({ extra: { truncate: true } }, "embed").fields).toEqual({ truncate: true });
  });

  it("E3: template, system, raw and context are a completion's alone", () => {
    const extra = { template: "{{ .Prompt }}", system: "s", raw: "true", context: [1, 2] };
    expect(fields({ extra }, "generate")).toEqual({ ...extra, raw: true });
    expect(warned({ extra }, "chat")).toEqual(["extra.template", "extra.system", "extra.raw", "extra.context"]);
    expect(warned({ extra: { think: true, format: "json", shift: true } }, "embed")).toEqual([
      "extra.think",
      "extra.format",
      "extra.shift",
    ]);
  });

  it("takes no name of JavaScript's for one of Ollama's", () => {
    expect(warned({ extra: { constructor: 1, toString: 2 } })).toEqual(["extra.constructor", "extra.toString"]);
  });

  it("G1: a response format is a format; text and nothing are none", () => {
    const schema = { type: "object" };
    expect(fields({ responseFormat: { type: "json", schema } })).toEqual({ format: schema });
    expect(fields({ responseFormat: { type: "json" } })).toEqual({ format: "json" });
    expect(fields({ responseFormat: { type: "text" } })).toEqual({});
  });

  it("I4, I7: places extras: runner options inside, the rest beside, from a nested `options` too", () => {
    const extra = { num_ctx: 8192, keep_alive: "8m", shift: false, options: { num_gpu: 1, num_ctx: 1 } };
    expect(fields({ extra })).toEqual({ keep_alive: "8m", shift: false, options: { num_gpu: 1, num_ctx: 8192 } });
  });

  it.each<[string, JsonValue, JsonValue]>([
    ["keep_alive", "-1", -1],
    ["keep_alive", "300", 300],
    ["keep_alive", -1, -1],
    ["keep_alive", "1h30m", "1h30m"],
    ["keep_alive", "-1s", "-1s"],
    ["think", "true", true],
    ["think", "high", "high"],
    ["truncate", "true", true],
    ["shift", "false", false],
  ])("I7: reads %s %j as %j", (name, value, sent) => {
    expect(fields({ extra: { [name]: value } })).toEqual({ [name]: sent });
  });

  it.each<[string, JsonValue, JsonValue]>([
    ["num_ctx", "4096", 4096],
    ["temperature", "0.5", 0.5],
    ["use_mmap", "true", true],
    ["stop", "x", ["x"]],
  ])("reads the option %s %j as %j", (name, value, sent) => {
    expect(fields({ extra: { [name]: value } })).toEqual({ options: { [name]: sent } });
  });

  it.each<JsonObject>([
    { num_ctx: "many" },
    { num_ctx: 1.5 },
    { temperature: "hot" },
    { use_mmap: 1 },
    { stop: [1] },
    { keep_alive: "abc" },
    { keep_alive: "" },
    { keep_alive: true },
    { think: "extreme" },
    { format: "yaml" },
    { format: 3 },
    { options: [] },
    { template: 1 },
    { context: [-1] },
    { context: false },
  ])("refuses %j, naming the field, before the server does with a 500", (extra) => {
    const [name] = Object.keys(extra);
    expect(() => fields({ extra }, "generate")).toThrow(
      expect.objectContaining({
        code: "invalid_value",
        setting: `extra.${name}`,
        message: expect.stringContaining(name ?? ""),
      }),
    );
  });

  it("I8: warns of what Ollama does not have, or no longer has, and sends neither", () => {
    const request = { extra: { mirostat: 1, wings: 2, top_k: 3 } };
    expect(fields(request)).toEqual({ options: { top_k: 3 } });
    expect(warned(request)).toEqual(["extra.mirostat", "extra.wings"]);
  });

  it("refuses it under strictSettings", () => {
    expect(() => fields({ strictSettings: true, extra: { wings: 2 } })).toThrow(
      expect.objectContaining({ code: "unsupported", setting: "extra.wings" }),
    );
  });

  it("lets the contract's field win over an extra of the same meaning, and says so", () => {
    const request: Request = {
      settings: { temperature: 0.1 },
      reasoning: false,
      responseFormat: { type: "json" },
      extra: { temperature: 0.9, think: true, format: { type: "object" } },
    };
    expect(fields(request)).toEqual({ options: { temperature: 0.1 }, think: false, format: "json" });
    expect(warned(request)).toEqual(["extra.temperature", "extra.think", "extra.format"]);
  });
});
