import type { Capabilities, ChatRequest, Message } from "@llamaduct/core";
import { UNKNOWN_CAPABILITIES } from "@llamaduct/ollama-host";
import { describe, expect, it } from "vitest";
import { hello } from "../test/replay.ts";
import { toChatBody } from "./to-chat-body.ts";

const convert = (request: Partial<ChatRequest>, capabilities: Partial<Capabilities> = {}) =>
  toChatBody(
    "m",
    { ...hello, ...request },
    { capabilities: { ...UNKNOWN_CAPABILITIES, ...capabilities }, extras: undefined },
  );
const body = (request: Partial<ChatRequest>) => convert(request).body;
const warned = (request: Partial<ChatRequest>) => convert(request).warnings.map(({ setting }) => setting);

describe("toChatBody", () => {
  it("I3, I6, N8: sends what was asked, that nothing be cut, that it be streamed, and nothing else", () => {
    expect(body({})).toMatchInlineSnapshot(`
      {
        "messages": [
          {
            "content": "hi",
            "role": "user",
          },
        ],
        "model": "m",
        "stream": true,
        "truncate": false,
      }
    `);
  });

  it("D1, D3, D6, D7: writes a whole conversation as Ollama has it, one message for each turn", () => {
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

  it("D4: declares tools whoever spoke last", () => {
    const messages: Message[] = [
      ...hello.messages,
      { role: "assistant", content: [{ type: "tool-call", id: "c", name: "now", arguments: "{}" }] },
      { role: "tool", callId: "c", name: "now", content: "noon" },
    ];
    expect(body({ messages, tools: [{ name: "now", parameters: {} }] }).tools).toHaveLength(1);
  });

  it("D5: any order of roles keeps its order and its text", () => {
    const say = (role: number, text: string): Message => {
      const content = [{ type: "text", text }] as const;
      if (role === 0) return { role: "system", content: text };
      if (role === 1) return { role: "user", content };
      return role === 2 ? { role: "assistant", content } : { role: "tool", callId: "c", name: "f", content: text };
    };
    // Every sequence of four roles.
    for (let code = 0; code < 4 ** 4; code += 1) {
      const messages = [0, 1, 2, 3].map((index) => say(Math.floor(code / 4 ** index) % 4, `${index}`));
      const sent = body({ messages }).messages.map(({ role, content }) => [role, content]);
      expect(sent).toEqual(messages.map(({ role }, index) => [role, `${index}`]));
    }
  });

  it("D9: sends earlier reasoning, but not to a model that is known to have none, and says so", () => {
    const messages: Message[] = [
      ...hello.messages,
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Hm." },
          { type: "text", text: "Hello." },
        ],
      },
      ...hello.messages,
    ];
    expect(body({ messages }).messages[1]).toEqual({ role: "assistant", content: "Hello.", thinking: "Hm." });
    const { body: without, warnings } = convert({ messages }, { reasoning: "none" });
    expect(without.messages[1]).toEqual({ role: "assistant", content: "Hello." });
    expect(warnings.map(({ setting }) => setting)).toEqual(["messages.1.reasoning_content"]);
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
