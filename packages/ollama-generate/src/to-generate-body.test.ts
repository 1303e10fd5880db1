import type { Capabilities, TextRequest } from "@llamaduct/core";
import { extrasPlacer, UNKNOWN_CAPABILITIES } from "@llamaduct/ollama-host";
import { describe, expect, it } from "vitest";
import { toGenerateBody } from "./to-generate-body.ts";

const placeExtras = await extrasPlacer();

const convert = ({ extra, ...request }: Partial<TextRequest>, capabilities: Partial<Capabilities> = {}) =>
  toGenerateBody(
    "m",
    { prompt: "hi", ...request },
    { capabilities: { ...UNKNOWN_CAPABILITIES, ...capabilities }, extras: extra && placeExtras(extra, "generate") },
  );
const body = (request: Partial<TextRequest>) => convert(request).body;
const warned = (request: Partial<TextRequest>) => convert(request).warnings.map(({ setting }) => setting);
const image = { type: "image", mediaType: "image/png", data: "aGk=" } as const;

describe("toGenerateBody", () => {
  it("I3, I6, N8: sends the prompt as it is, that nothing be cut, that it be streamed, and nothing else", () => {
    expect(body({ prompt: "  <hi>\n" })).toMatchInlineSnapshot(`
      {
        "model": "m",
        "prompt": "  <hi>
      ",
        "stream": true,
        "truncate": false,
      }
    `);
  });

  it("I2, I9, I10, F4, G1: settings, thinking, format and logprobs, each where Ollama has it", () => {
    expect(
      body({
        system: "Be brief.",
        images: [image],
        settings: { maxOutputTokens: 5, temperature: 0, frequencyPenalty: 0, stop: ["\n"], logprobs: 2 },
        reasoning: "low",
        responseFormat: { type: "json", schema: { type: "object" } },
        extra: { keep_alive: "10m", num_ctx: 8192 },
      }),
    ).toMatchInlineSnapshot(`
      {
        "format": {
          "type": "object",
        },
        "images": [
          "aGk=",
        ],
        "keep_alive": "10m",
        "logprobs": true,
        "model": "m",
        "options": {
          "frequency_penalty": 0,
          "num_ctx": 8192,
          "num_predict": 5,
          "stop": [
            "
      ",
          ],
          "temperature": 0,
        },
        "prompt": "hi",
        "stream": true,
        "system": "Be brief.",
        "think": "low",
        "top_logprobs": 2,
        "truncate": false,
      }
    `);
  });

  it("E3: template, system, raw and context arrive", () => {
    expect(body({ extra: { template: "{{ .Prompt }}", system: "s", context: [1, 2] } })).toMatchObject({
      template: "{{ .Prompt }}",
      system: "s",
      context: [1, 2],
    });
    expect(body({ extra: { raw: true } })).toMatchObject({ prompt: "hi", raw: true });
  });

  it("the request's own system text wins over the extra of that name, and says so", () => {
    expect(body({ system: "mine", extra: { system: "theirs" } }).system).toBe("mine");
    expect(warned({ system: "mine", extra: { system: "theirs" } })).toEqual(["extra.system"]);
  });

  it("context: true asks for one and is not sent; a list is sent, and answered with one", () => {
    const asking = convert({ extra: { context: true } });
    expect(asking.body).not.toHaveProperty("context");
    expect([asking.keepsContext, convert({ extra: { context: [1] } }).keepsContext]).toEqual([true, true]);
    expect(convert({}).keepsContext).toBe(false);
  });

  it("refuses an empty prompt: the server would load the model and say nothing", () => {
    for (const request of [{ prompt: "" }, { prompt: "", suffix: "" }, { prompt: "", images: [image] }])
      expect(() => body(request)).toThrow(expect.objectContaining({ code: "invalid_value", setting: "prompt" }));
  });
});

describe("P2: filling in the middle", () => {
  it("sends prompt and suffix as they are", () => {
    expect(body({ prompt: "def f():\n    ", suffix: "\nf()" })).toMatchInlineSnapshot(`
      {
        "model": "m",
        "prompt": "def f():
          ",
        "stream": true,
        "suffix": "
      f()",
        "truncate": false,
      }
    `);
    expect(body({ suffix: "" })).not.toHaveProperty("suffix");
  });

  it("sends a line break for an empty prompt, which would only load the model, and says so", () => {
    expect(body({ prompt: "", suffix: "b" })).toMatchObject({ prompt: "\n", suffix: "b" });
    expect(warned({ prompt: "", suffix: "b" })).toEqual(["prompt"]);
  });

  it.each<[string, Partial<TextRequest>, Partial<Capabilities>, string]>([
    ["a model that is known to lack it", {}, { suffix: "none" }, "suffix"],
    ["a raw prompt, beside which servers drop it", { extra: { raw: true } }, {}, "suffix"],
    ["images, which servers drop", { images: [image] }, {}, "images"],
  ])("is unsupported with %s", (_, request, capabilities, setting) => {
    expect(() => convert({ suffix: "b", ...request }, capabilities)).toThrow(
      expect.objectContaining({ code: "unsupported", setting }),
    );
  });

  it("warns that the system text has no place in it", () => {
    expect(warned({ suffix: "b", system: "s" })).toEqual(["system"]);
    expect(warned({ suffix: "b", extra: { system: "s" } })).toEqual(["system"]);
  });
});
