import type { ChatRequest, Message } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { hello } from "../test/replay.ts";
import { toChatBody } from "./to-chat-body.ts";

const body = (request: Partial<ChatRequest>) => toChatBody("m", { ...hello, ...request }).body;
const warned = (request: Partial<ChatRequest>) =>
  toChatBody("m", { ...hello, ...request }).warnings.map(({ setting }) => setting);

describe("toChatBody", () => {
  it("I3: sends what was asked and nothing else", () => {
    expect(body({})).toEqual({ model: "m", messages: [{ role: "user", content: "hi" }], stream: true });
  });

  it("writes a whole conversation as Ollama has it", () => {
    const messages: Message[] = [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this," },
          { type: "image", mediaType: "image/png", data: "aGk=" },
          { type: "text", text: "and the weather?" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "A picture." },
          { type: "text", text: "Let me look." },
          { type: "tool-call", id: "c1", name: "weather", arguments: '{"city":"Oslo"}' },
          { type: "tool-call", id: "c2", name: "now", arguments: "" },
        ],
      },
      { role: "tool", callId: "c1", name: "weather", content: "cold" },
      { role: "tool", callId: "c2", name: "now", content: "noon" },
    ];
    expect(body({ messages }).messages).toMatchInlineSnapshot(`
      [
        {
          "content": "Be brief.",
          "role": "system",
        },
        {
          "content": "What is this,
      and the weather?",
          "images": [
            "aGk=",
          ],
          "role": "user",
        },
        {
          "content": "Let me look.",
          "role": "assistant",
          "thinking": "A picture.",
          "tool_calls": [
            {
              "function": {
                "arguments": {
                  "city": "Oslo",
                },
                "name": "weather",
              },
              "id": "c1",
            },
            {
              "function": {
                "arguments": {},
                "name": "now",
              },
              "id": "c2",
            },
          ],
        },
        {
          "content": "cold",
          "role": "tool",
          "tool_call_id": "c1",
          "tool_name": "weather",
        },
        {
          "content": "noon",
          "role": "tool",
          "tool_call_id": "c2",
          "tool_name": "now",
        },
      ]
    `);
  });

  it("declares tools; one without parameters gets an empty object of them", () => {
    expect(
      body({
        tools: [
          { name: "now", parameters: {} },
          { name: "weather", description: "Of a city", parameters: { type: "object", required: ["city"] } },
        ],
      }).tools,
    ).toMatchInlineSnapshot(`
      [
        {
          "function": {
            "name": "now",
            "parameters": {
              "properties": {},
              "type": "object",
            },
          },
          "type": "function",
        },
        {
          "function": {
            "description": "Of a city",
            "name": "weather",
            "parameters": {
              "properties": {},
              "required": [
                "city",
              ],
              "type": "object",
            },
          },
          "type": "function",
        },
      ]
    `);
  });

  it("C1: tool_choice none sends no tools; an empty list is none", () => {
    const tools = [{ name: "now", parameters: {} }];
    expect(body({ tools, toolChoice: "none" })).not.toHaveProperty("tools");
    expect(body({ tools: [] })).not.toHaveProperty("tools");
    expect(body({ tools, toolChoice: "auto" })).toHaveProperty("tools");
  });

  it.each<[string, Partial<ChatRequest>, string]>([
    ["required", { toolChoice: "required" }, "toolChoice"],
    ["a named tool", { toolChoice: { name: "now" } }, "toolChoice"],
  ])("C2: refuses tool_choice %s rather than dropping it", (_, request, setting) => {
    expect(() => body(request)).toThrow(expect.objectContaining({ code: "unsupported", setting }));
  });

  it("refuses an empty conversation: the server would load the model and say nothing", () => {
    expect(() => body({ messages: [] })).toThrow(
      expect.objectContaining({ code: "invalid_value", setting: "messages" }),
    );
  });

  it.each(['{"a":', "[1]", '"text"', "null"])(
    "refuses %s as arguments of an earlier call, naming the message",
    (text) => {
      const call: Message = {
        role: "assistant",
        content: [{ type: "tool-call", id: "c", name: "f", arguments: text }],
      };
      expect(() => body({ messages: [...hello.messages, call] })).toThrow(
        expect.objectContaining({ code: "invalid_value", setting: "messages.1.tool_calls" }),
      );
    },
  );

  it("warns of what Ollama has no place for", () => {
    const tools = [{ name: "now", parameters: {} }];
    const messages: Message[] = [{ role: "user", name: "ann", content: [{ type: "text", text: "hi" }] }];
    expect(warned({ messages })).toEqual(["messages.0.name"]);
    expect(warned({ tools, parallelToolCalls: false })).toEqual(["parallelToolCalls"]);
    expect(warned({ parallelToolCalls: false })).toEqual([]);
  });
});
