import { ProviderError } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { decodeCompletionRequest } from "./decode-completion-request.ts";

const decode = (fields: object) => decodeCompletionRequest({ model: "m", prompt: "hi", ...fields });

function refusal(body: unknown): ProviderError {
  try {
    decodeCompletionRequest(body);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

describe("decodeCompletionRequest", () => {
  it("I3: invents nothing, no limit of 16 tokens either", () => {
    expect(decode({})).toStrictEqual({
      model: "m",
      stream: false,
      includeUsage: false,
      prompts: ["hi"],
      n: 1,
      bestOf: 1,
      echo: false,
      logprobs: false,
      request: {},
      warnings: [],
    });
  });

  it("P2, E3: carries every field to its place in the contract", () => {
    const png = "iVBORw0KGgo=";
    expect(
      decode({
        stream: true,
        stream_options: { include_usage: true },
        suffix: "after",
        system: "s",
        images: [png, `data:image/png;base64,${png}`],
        echo: true,
        n: 3,
        logprobs: 5,
        response_format: { type: "json_object" },
        reasoning_effort: "none",
        max_tokens: 7,
        temperature: 0,
        top_p: 0.5,
        top_k: 40,
        min_p: 0.1,
        frequency_penalty: -3,
        presence_penalty: 0.2,
        logit_bias: { "50256": -100 },
        seed: -1,
        stop: "a",
        drop_params: false,
        raw: true,
        template: "t",
        context: [1, 2],
        keep_alive: "8m",
      }),
    ).toStrictEqual({
      model: "m",
      stream: true,
      includeUsage: true,
      prompts: ["hi"],
      n: 3,
      bestOf: 3,
      echo: true,
      logprobs: true,
      request: {
        suffix: "after",
        system: "s",
        images: Array.from({ length: 2 }, () => ({ type: "image", mediaType: "image/png", data: png })),
        settings: {
          maxOutputTokens: 7,
          temperature: 0,
          topP: 0.5,
          topK: 40,
          minP: 0.1,
          frequencyPenalty: -3,
          presencePenalty: 0.2,
          logitBias: { "50256": -100 },
          seed: -1,
          stop: ["a"],
          logprobs: 5,
        },
        strictSettings: true,
        reasoning: "none",
        responseFormat: { type: "json" },
        extra: { raw: true, template: "t", context: [1, 2], keep_alive: "8m" },
      },
      warnings: [],
    });
  });

  it("P3: takes one prompt or several, in order, empty ones too", () => {
    expect(decode({ prompt: "" }).prompts).toEqual([""]);
    expect(decode({ prompt: ["b", "", "a"] }).prompts).toEqual(["b", "", "a"]);
  });

  it("I2: reads max_completion_tokens, which wins", () => {
    expect(decode({ max_tokens: 6, max_completion_tokens: 5 }).request.settings).toEqual({ maxOutputTokens: 5 });
  });

  it("takes an explicit null for an absent field, and an empty suffix or list of images for none", () => {
    const optional =
      "suffix system images echo n best_of logprobs stream stream_options stop seed user reasoning_effort raw".split(
        " ",
      );
    for (const value of [null, undefined]) {
      expect(decode(Object.fromEntries(optional.map((field) => [field, value])))).toStrictEqual(decode({}));
    }
    expect(decode({ suffix: "", images: [] })).toStrictEqual(decode({}));
  });

  it("logprobs 0 asks for the chosen token only", () => {
    expect(decode({ logprobs: 0 })).toMatchObject({ logprobs: true, request: { settings: { logprobs: 0 } } });
  });

  it("P3: best_of above n asks the provider for logprobs, to rank by, and not for showing", () => {
    expect(decode({ n: 2, best_of: 5 })).toMatchObject({
      n: 2,
      bestOf: 5,
      logprobs: false,
      request: { settings: { logprobs: 0 } },
    });
    expect(decode({ best_of: 5, logprobs: 3 })).toMatchObject({
      logprobs: true,
      request: { settings: { logprobs: 3 } },
    });
    expect(decode({ n: 2, best_of: 2 }).request).toStrictEqual({});
    expect(decode({ best_of: 1, stream: true })).toMatchObject({ bestOf: 1, stream: true });
  });

  it("says what has no effect", () => {
    const { warnings, request } = decode({ user: "u", stream_options: { include_obfuscation: true } });
    expect(warnings.map(({ setting }) => setting)).toEqual(["user", "stream_options.include_obfuscation"]);
    expect(request).toStrictEqual({});
  });

  it("drops the fields that additional_drop_params names, before anything looks at them", () => {
    const { request, warnings } = decode({ additional_drop_params: ["seed", "raw"], seed: "wrong", raw: true });
    expect(request).toStrictEqual({});
    expect(warnings.map(({ setting }) => setting)).toEqual(["seed", "raw"]);
  });
});

describe("decodeCompletionRequest refuses", () => {
  it.each<[object, string, string]>([
    [{ prompt: undefined }, "prompt", "prompt is missing; it must be a string or an array."],
    [{ prompt: null }, "prompt", "prompt must be a string or an array."],
    [{ prompt: [] }, "prompt", "prompt must be non-empty."],
    [{ prompt: ["a", null] }, "prompt.1", "prompt.1 must be a string."],
    [{ suffix: 1 }, "suffix", "suffix must be a string."],
    [{ images: ["x"] }, "images.0", "images.0 must be a data URL with base64, or base64."],
    [{ max_tokens: 0 }, "max_tokens", "max_tokens must be at least 1."],
    [{ logprobs: true }, "logprobs", "logprobs must be a number."],
    [{ logprobs: 21 }, "logprobs", "logprobs must be at most 20."],
    [{ n: 0 }, "n", "n must be at least 1."],
    [{ n: 129 }, "n", "n must be at most 128."],
    [{ best_of: 129 }, "best_of", "best_of must be at most 128."],
    [{ n: 3, best_of: 2 }, "best_of", "best_of must be at least n."],
    [{ best_of: 2, stream: true }, "best_of", "best_of must be 1 when stream is true."],
    [
      { prompt: new Array(17).fill("a"), n: 1, best_of: 128 },
      "prompt",
      "prompt must, with n and best_of, ask for at most 2048 answers.",
    ],
    [{ raw: Number.NaN }, "raw", "raw must be JSON of at most 64 levels."],
  ])("%#: %j", (fields, setting, message) => {
    expect(refusal({ model: "m", prompt: "hi", ...fields })).toMatchObject({ code: "invalid_value", setting, message });
  });

  it("and up to 2048 answers it does not", () => {
    expect(decode({ prompt: new Array(16).fill("a"), n: 128 }).n).toBe(128);
  });

  it.each([[[1, 2]], [[[1, 2], [3]]], [["a", 1]]])("P3: tokens %j, naming the field and what to send", (prompt) => {
    expect(refusal({ model: "m", prompt })).toMatchObject({
      code: "invalid_value",
      setting: "prompt",
      message: "prompt must be text, not tokens; send the text that they stand for.",
    });
  });

  it("an image link, naming the field", () => {
    expect(refusal({ model: "m", prompt: "hi", images: ["https://x/y.png"] })).toMatchObject({
      code: "unsupported",
      setting: "images.0",
    });
  });

  it("a body that is no object", () => {
    expect(refusal([])).toMatchObject({ setting: undefined, message: "The request body must be a JSON object." });
  });
});
