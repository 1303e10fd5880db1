import type { ChatRequest } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { toChatBody } from "./to-chat-body.ts";

const hello: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
const convert = (request: Partial<ChatRequest>) => toChatBody("m", { ...hello, ...request }, { isOpenAI: false });

it("a request with everything", () => {
  const request: ChatRequest = {
    messages: [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        name: "ann",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image", mediaType: "image/png", data: "aGk=" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "I look it up." },
          { type: "tool-call", id: "c1", name: "look", arguments: '{"a":1' },
        ],
      },
      { role: "tool", callId: "c1", name: "look", content: "a cat" },
    ],
    tools: [{ name: "look", description: "Looks.", parameters: { type: "object" } }],
    toolChoice: { name: "look" },
    parallelToolCalls: false,
    reasoning: "low",
    responseFormat: { type: "json", schema: { type: "object" }, strict: true },
    settings: { maxOutputTokens: 9, temperature: 0, logprobs: 0 },
    extra: { chat_template_kwargs: { enable_thinking: false } },
  };
  expect(convert(request)).toMatchInlineSnapshot(`
    {
      "body": {
        "chat_template_kwargs": {
          "enable_thinking": false,
        },
        "logprobs": true,
        "max_tokens": 9,
        "messages": [
          {
            "content": "Be brief.",
            "role": "system",
          },
          {
            "content": [
              {
                "text": "What is this?",
                "type": "text",
              },
              {
                "image_url": {
                  "url": "data:image/png;base64,aGk=",
                },
                "type": "image_url",
              },
            ],
            "name": "ann",
            "role": "user",
          },
          {
            "content": null,
            "reasoning_content": "I look it up.",
            "role": "assistant",
            "tool_calls": [
              {
                "function": {
                  "arguments": "{"a":1",
                  "name": "look",
                },
                "id": "c1",
                "type": "function",
              },
            ],
          },
          {
            "content": "a cat",
            "role": "tool",
            "tool_call_id": "c1",
          },
        ],
        "model": "m",
        "parallel_tool_calls": false,
        "reasoning_effort": "low",
        "response_format": {
          "json_schema": {
            "name": "answer",
            "schema": {
              "type": "object",
            },
            "strict": true,
          },
          "type": "json_schema",
        },
        "stream": true,
        "stream_options": {
          "include_usage": true,
        },
        "temperature": 0,
        "tool_choice": {
          "function": {
            "name": "look",
          },
          "type": "function",
        },
        "tools": [
          {
            "function": {
              "description": "Looks.",
              "name": "look",
              "parameters": {
                "type": "object",
              },
            },
            "type": "function",
          },
        ],
        "top_logprobs": 0,
      },
      "warnings": [],
    }
  `);
});

describe("a request", () => {
  it("that is plain is plain", () => {
    expect(convert({}).body).toEqual({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it("does not offer tools that must not be called, nor a choice without tools", () => {
    const tools = [{ name: "f", parameters: {} }];
    expect(convert({ tools, toolChoice: "none" }).body).toEqual(convert({}).body);
    expect(convert({ toolChoice: "auto", parallelToolCalls: true }).body).toEqual(convert({}).body);
  });

  it("knows no reasoning without a level, and says so", () => {
    expect(convert({ reasoning: true })).toMatchObject({ warnings: [{ setting: "reasoning" }] });
    expect(convert({ reasoning: true }).body).toEqual(convert({}).body);
    expect(convert({ reasoning: false }).body).toMatchObject({ reasoning_effort: "none" });
    expect(() => convert({ reasoning: true, strictSettings: true })).toThrow(
      expect.objectContaining({ code: "unsupported", setting: "reasoning" }),
    );
  });

  it("keeps its own fields: an extra of that name is a warning, an absent one none", () => {
    const extra = { n: 3, stream: false, temperature: 1, top_p: null, mirostat: 2, constructor: "x" };
    const { body, warnings } = convert({ extra, settings: { temperature: 0 } });
    expect(warnings.map(({ setting }) => setting)).toEqual(["extra.n", "extra.stream", "extra.temperature"]);
    expect(body).toEqual({ ...convert({}).body, temperature: 0, mirostat: 2, constructor: "x" });
  });
});
