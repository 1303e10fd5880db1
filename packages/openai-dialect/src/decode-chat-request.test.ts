import { ProviderError } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { decodeChatRequest } from "./decode-chat-request.ts";

const messages = [{ role: "user", content: "hi" }];
const tool = (name: string, rest: object = {}) => ({ type: "function", function: { name, ...rest } });
const decode = (fields: object) => decodeChatRequest({ model: "m", messages, ...fields });

function refusal(body: unknown): ProviderError {
  try {
    decodeChatRequest(body);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

describe("decodeChatRequest", () => {
  it("invents nothing", () => {
    expect(decode({})).toStrictEqual({
      model: "m",
      stream: false,
      includeUsage: false,
      n: 1,
      mergeReasoning: false,
      request: { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] },
      warnings: [],
    });
  });

  it("carries every field to its place in the contract", () => {
    const schema = { type: "object", properties: { x: { type: "number" } } };
    const decoded = decode({
      stream: true,
      stream_options: { include_usage: true },
      tools: [tool("f", { description: "d", parameters: schema }), tool("g")],
      tool_choice: { type: "function", function: { name: "g" } },
      parallel_tool_calls: false,
      response_format: { type: "json_schema", json_schema: { name: "n", schema, strict: true } },
      reasoning_effort: "low",
      max_completion_tokens: 5,
      max_tokens: 6,
      temperature: 0,
      top_p: 0.5,
      top_k: 40,
      min_p: 0.1,
      frequency_penalty: -3,
      presence_penalty: 0.2,
      logit_bias: { "50256": -100 },
      seed: -1,
      stop: ["a", "b"],
      logprobs: true,
      top_logprobs: 3,
      n: 128,
      merge_reasoning_content_in_choices: true,
      drop_params: false,
      allowed_openai_params: ["seed"],
      num_ctx: 8192,
      options: { mirostat: [1, null, { a: "b" }] },
      think: false,
    });
    expect(decoded).toStrictEqual({
      model: "m",
      stream: true,
      includeUsage: true,
      n: 128,
      mergeReasoning: true,
      request: {
        messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
        tools: [
          { name: "f", description: "d", parameters: schema },
          { name: "g", parameters: { type: "object", properties: {} } },
        ],
        toolChoice: { name: "g" },
        parallelToolCalls: false,
        responseFormat: { type: "json", schema, strict: true },
        reasoning: "low",
        settings: {
          maxOutputTokens: 5,
          temperature: 0,
          topP: 0.5,
          topK: 40,
          minP: 0.1,
          frequencyPenalty: -3,
          presencePenalty: 0.2,
          logitBias: { "50256": -100 },
          seed: -1,
          stop: ["a", "b"],
          logprobs: 3,
        },
        strictSettings: true,
        extra: { num_ctx: 8192, options: { mirostat: [1, null, { a: "b" }] }, think: false },
      },
      warnings: [],
    });
  });

  it("takes an explicit null, and undefined, for an absent field", () => {
    const optional = [
      ..."tools tool_choice parallel_tool_calls response_format reasoning_effort max_completion_tokens max_tokens".split(
        " ",
      ),
      ..."temperature top_p top_k min_p frequency_penalty presence_penalty logit_bias seed stop logprobs".split(" "),
      ..."top_logprobs n stream stream_options modalities audio functions function_call web_search_options".split(" "),
      ..."merge_reasoning_content_in_choices drop_params additional_drop_params allowed_openai_params".split(" "),
      ..."moderation store user metadata service_tier prediction format keep_alive".split(" "),
    ];
    for (const value of [null, undefined]) {
      expect(decode(Object.fromEntries(optional.map((field) => [field, value])))).toStrictEqual(decode({}));
    }
  });

  it("lets max_tokens stand where its successor is null", () => {
    expect(decode({ max_tokens: 7, max_completion_tokens: null }).request.settings).toEqual({ maxOutputTokens: 7 });
  });

  it.each([
    [{ type: "text" }, { type: "text" }],
    [{ type: "json_object" }, { type: "json" }],
    [
      { type: "json_schema", json_schema: { schema: {}, strict: null } },
      { type: "json", schema: {} },
    ],
  ])("reads response_format %j", (format, expected) => {
    expect(decode({ response_format: format }).request.responseFormat).toStrictEqual(expected);
  });

  it.each([
    ["none", "none"],
    ["minimal", "minimal"],
    ["low", "low"],
    ["medium", "medium"],
    ["high", "high"],
    ["xhigh", "xhigh"],
    ["max", "max"],
    ["ultra", "max"],
    [{ effort: "ultra" }, "max"],
    [{ effort: "high", summary: "auto" }, "high"],
    [{ effort: null }, undefined],
    [{}, undefined],
  ])("F3: reads reasoning_effort %j", (effort, expected) => {
    expect(decode({ reasoning_effort: effort }).request.reasoning).toBe(expected);
  });

  it("reads one stop text, and takes an empty list or bias for nothing asked", () => {
    expect(decode({ stop: "x" }).request.settings?.stop).toEqual(["x"]);
    expect(decode({ stop: [], logit_bias: {} }).request).not.toHaveProperty("settings");
  });

  it("logprobs alone asks for the chosen token only", () => {
    expect(decode({ logprobs: true }).request.settings).toEqual({ logprobs: 0 });
    expect(decode({ logprobs: false }).request).not.toHaveProperty("settings");
  });

  it("B4: an empty list of tools is no tools", () => {
    for (const choice of [undefined, "auto", "none"]) {
      expect(decode({ tools: [], tool_choice: choice, parallel_tool_calls: true })).toStrictEqual(decode({}));
    }
  });

  it.each(["auto", "none", "required"])("passes tool_choice %s on", (choice) => {
    expect(decode({ tools: [tool("f")], tool_choice: choice }).request.toolChoice).toBe(choice);
  });

  it.each([
    "metadata",
    "prediction",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "safety_identifier",
    "service_tier",
    "store",
    "user",
    "verbosity",
  ])("accepts %s, says that it has no effect, and keeps it from the provider", (field) => {
    const decoded = decode({ [field]: "x" });
    expect(decoded.warnings).toEqual([{ setting: field, message: `${field} has no effect here.` }]);
    expect(decoded.request).not.toHaveProperty("extra");
  });

  it("drops the fields that additional_drop_params names, before anything looks at them", () => {
    const fields = { seed: "wrong", tools: [tool("f", { strict: true })] };
    const decoded = decode({ ...fields, additional_drop_params: ["seed", "tools[*].function.strict"] });
    expect(decoded.request).toStrictEqual(decode({ tools: [tool("f")] }).request);
    expect(decoded.warnings.map(({ setting }) => setting)).toEqual(["seed", "tools[*].function.strict"]);
    expect(refusal({ messages, model: "m", additional_drop_params: ["model"] })).toMatchObject({ setting: "model" });
  });

  it("says which details of other fields have no effect", () => {
    const decoded = decode({
      tools: [tool("f"), tool("g", { strict: true })],
      response_format: { type: "json_schema", json_schema: { schema: {}, description: "d" } },
      stream_options: { include_obfuscation: true },
    });
    expect(decoded.warnings.map((warning) => warning.setting)).toEqual([
      "tools.1.function.strict",
      "response_format.json_schema.description",
      "stream_options.include_obfuscation",
    ]);
  });

  it("keeps hostile field names plain data", () => {
    const body: unknown = JSON.parse(`{"model":"m","messages":${JSON.stringify(messages)},"__proto__":{"polluted":1}}`);
    const { extra } = decodeChatRequest(body).request;
    expect(Object.getPrototypeOf(extra)).toBe(Object.prototype);
    expect(Object.keys(extra ?? {})).toEqual(["__proto__"]);
    expect(decode({ constructor: 1, toString: 2 }).request.extra).toStrictEqual({ constructor: 1, toString: 2 });
  });
});

describe("decodeChatRequest refuses", () => {
  const part = (content: unknown) => ({
    messages: [
      { role: "user", content: "a" },
      { role: "user", content: [content] },
    ],
  });
  const answer = (fields: object) => ({ messages: [{ role: "assistant", content: "a", ...fields }] });
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);

  it.each<[object, string, string]>([
    [{ model: "" }, "model", "model must be non-empty."],
    [{ model: undefined }, "model", "model is missing; it must be a string."],
    [{ model: null }, "model", "model must be a string."],
    [{ messages: [] }, "messages", "messages must be non-empty."],
    [{ messages: undefined }, "messages", "messages is missing; it must be an array."],
    [{ messages: "hi" }, "messages", "messages must be an array."],
    [{ messages: ["hi"] }, "messages.0", "messages.0 must be an object."],
    [
      { messages: [{}] },
      "messages.0.role",
      'messages.0.role is missing; it must be one of "system", "developer", "user", "assistant", "tool".',
    ],
    [
      { messages: [{ role: "user" }] },
      "messages.0.content",
      "messages.0.content is missing; it must be a string or an array.",
    ],
    [
      { messages: [{ role: "user", content: null }] },
      "messages.0.content",
      "messages.0.content must be a string or an array.",
    ],
    [
      { messages: [{ role: "system", content: [{ type: "image_url" }] }] },
      "messages.0.content.0.type",
      'messages.0.content.0.type must be "text".',
    ],
    [part("a"), "messages.1.content.0", "messages.1.content.0 must be an object."],
    [part({ type: "text" }), "messages.1.content.0.text", "messages.1.content.0.text is missing; it must be a string."],
    [
      part({ type: "image_url", image_url: {} }),
      "messages.1.content.0.image_url.url",
      "messages.1.content.0.image_url.url is missing; it must be a string.",
    ],
    [
      answer({ tool_calls: [{ type: "function", id: "a", function: { name: "f", arguments: {} } }] }),
      "messages.0.tool_calls.0.function.arguments",
      "messages.0.tool_calls.0.function.arguments must be a string.",
    ],
    [
      { messages: [{ role: "tool", tool_call_id: "a", content: "x" }] },
      "messages.0.tool_call_id",
      "messages.0.tool_call_id must answer a tool call of an earlier message.",
    ],
    [
      { tools: [{ type: "function", function: {} }] },
      "tools.0.function.name",
      "tools.0.function.name is missing; it must be a string.",
    ],
    [
      { tools: [tool("f"), tool("f")] },
      "tools.1.function.name",
      "tools.1.function.name must differ from the names before it.",
    ],
    [
      { tools: [tool("f", { parameters: [] })] },
      "tools.0.function.parameters",
      "tools.0.function.parameters must be a JSON object of at most 64 levels.",
    ],
    [
      { tools: [tool("f")], tool_choice: { type: "function", function: { name: "g" } } },
      "tool_choice.function.name",
      "tool_choice.function.name must be the name of one of the tools.",
    ],
    [
      { tools: [tool("f")], tool_choice: "any" },
      "tool_choice",
      'tool_choice must be one of "auto", "none", "required" or an object.',
    ],
    [
      { tools: [], tool_choice: "required" },
      "tool_choice",
      'tool_choice must be "auto" or "none" when there are no tools.',
    ],
    [
      { tool_choice: { type: "function", function: { name: "f" } } },
      "tool_choice",
      'tool_choice must be "auto" or "none" when there are no tools.',
    ],
    [
      { response_format: { type: "json_schema", json_schema: { name: "n" } } },
      "response_format.json_schema.schema",
      "response_format.json_schema.schema is missing; it must be a JSON object of at most 64 levels.",
    ],
    [
      { response_format: { type: "xml" } },
      "response_format.type",
      'response_format.type must be one of "text", "json_object", "json_schema".',
    ],
    [
      { reasoning_effort: true },
      "reasoning_effort",
      'reasoning_effort must be one of "none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra" or an object.',
    ],
    [
      { reasoning_effort: { effort: "huge" } },
      "reasoning_effort.effort",
      'reasoning_effort.effort must be one of "none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra".',
    ],
    [{ max_tokens: 0 }, "max_tokens", "max_tokens must be at least 1."],
    [{ max_tokens: 1.5 }, "max_tokens", "max_tokens must be an integer."],
    [{ max_completion_tokens: "9" }, "max_completion_tokens", "max_completion_tokens must be a number."],
    [{ temperature: "hot" }, "temperature", "temperature must be a number."],
    [{ seed: 0.5 }, "seed", "seed must be an integer."],
    [{ seed: 2 ** 60 }, "seed", "seed must be at most 9007199254740991."],
    [{ seed: -(2 ** 60) }, "seed", "seed must be at least -9007199254740991."],
    [{ stop: ["a", 1] }, "stop.1", "stop.1 must be a string."],
    [{ logit_bias: { secret: "x" } }, "logit_bias", "logit_bias must be an object of numbers."],
    [{ logprobs: 3 }, "logprobs", "logprobs must be a boolean."],
    [{ logprobs: true, top_logprobs: 21 }, "top_logprobs", "top_logprobs must be at most 20."],
    [{ top_logprobs: 2 }, "top_logprobs", "top_logprobs needs logprobs to be true."],
    [{ n: 0 }, "n", "n must be at least 1."],
    [{ n: 129 }, "n", "n must be at most 128."],
    [
      { merge_reasoning_content_in_choices: "yes" },
      "merge_reasoning_content_in_choices",
      "merge_reasoning_content_in_choices must be a boolean.",
    ],
    [{ drop_params: "no" }, "drop_params", "drop_params must be a boolean."],
    [
      { messages: [{ role: "user", content: "a", images: [3] }] },
      "messages.0.images.0",
      "messages.0.images.0 must be a string.",
    ],
    [{ stream: "yes" }, "stream", "stream must be a boolean."],
    [
      { stream_options: { include_usage: 1 } },
      "stream_options.include_usage",
      "stream_options.include_usage must be a boolean.",
    ],
    [{ keep_alive: () => 1 }, "keep_alive", "keep_alive must be JSON of at most 64 levels."],
    [{ num_ctx: Number.NaN }, "num_ctx", "num_ctx must be JSON of at most 64 levels."],
  ])("%#: %j", (fields, setting, message) => {
    const error = refusal({ model: "m", messages, ...fields });
    expect({ code: error.code, setting: error.setting, message: error.message }).toEqual({
      code: "invalid_value",
      setting,
      message,
    });
  });

  it.each<[object, string, RegExp]>([
    [{ functions: [] }, "functions", /tools/],
    [{ function_call: "auto" }, "function_call", /tool_choice/],
    [{ modalities: ["text", "audio"] }, "modalities.1", /text/],
    [{ audio: { voice: "x" } }, "audio", /text/],
    [{ web_search_options: {} }, "web_search_options", /search/],
    [{ moderation: { model: "x" } }, "moderation", /moderated/],
    [{ messages: [{ role: "function", name: "f", content: "x" }] }, "messages.0.role", /"tool"/],
    [answer({ function_call: { name: "f", arguments: "" } }), "messages.0.function_call", /tool_calls/],
    [answer({ audio: { id: "a" } }), "messages.0.audio", /text/],
    [answer({ tool_calls: [{ id: "a", type: "custom", custom: {} }] }), "messages.0.tool_calls.0", /function tool/],
    [part({ type: "input_audio", input_audio: {} }), "messages.1.content.0", /Audio/],
    [part({ type: "file", file: {} }), "messages.1.content.0", /text/],
    [part({ type: "image_url", image_url: { url: "https://x/y.png" } }), "messages.1.content.0.image_url", /data URL/],
    [{ tools: [{ type: "custom", custom: { name: "f" } }] }, "tools.0", /function tool/],
    [{ tools: [tool("f")], tool_choice: { type: "allowed_tools", allowed_tools: {} } }, "tool_choice", /allowed/],
  ])("%#: as unsupported, naming the field: %j", (fields, setting, message) => {
    const error = refusal({ model: "m", messages, ...fields });
    expect(error).toMatchObject({ code: "unsupported", setting });
    expect(error.message).toMatch(message);
  });

  it.each([[null], [undefined], [3], ["{}"], [[]]])("a body that is no object (%#)", (body) => {
    expect(refusal(body)).toMatchObject({
      code: "invalid_value",
      setting: undefined,
      message: "The request body must be a JSON object.",
    });
  });

  it("JSON too deep for anyone to write down again, wherever it stands", () => {
    const schema = { deep };
    const format = { type: "json_schema", json_schema: { schema } };
    const setting = (fields: object) => refusal({ model: "m", messages, ...fields }).setting;
    expect(setting({ tools: [tool("f", { parameters: schema })] })).toBe("tools.0.function.parameters");
    expect(setting({ response_format: format })).toBe("response_format.json_schema.schema");
    expect(setting({ format: deep })).toBe("format");
    expect(setting({ messages: deep })).toBe("messages.0");
    expect(refusal(deep).message).toBe("The request body must be a JSON object.");
    const level = (levels: number): object => (levels === 1 ? {} : { a: level(levels - 1) });
    expect(decode({ options: level(64) }).request.extra).toEqual({ options: level(64) });
    expect(setting({ options: level(65) })).toBe("options");
  });

  it("without showing the value", () => {
    for (const fields of [{ seed: "SECRET" }, { messages: [{ role: "SECRET" }] }, { tool_choice: "SECRET" }]) {
      expect(JSON.stringify(refusal({ model: "m", messages, ...fields }))).not.toContain("SECRET");
    }
    expect(refusal({ model: "m", messages, ["x".repeat(10_000)]: deep }).message.length).toBeLessThan(200);
  });
});
