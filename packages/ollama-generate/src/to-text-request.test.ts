import type { ChatRequest, Message } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { toTextRequest } from "./to-text-request.ts";

const system: Message = { role: "system", content: "Be brief." };
const user: Message = { role: "user", content: [{ type: "text", text: "hi" }] };
const assistant: Message = { role: "assistant", content: [{ type: "text", text: "ho" }] };
const tools = [{ name: "now", parameters: {} }];

describe("toTextRequest", () => {
  it("E1: a user turn is a prompt, a system text is one, and nobody writes headings", () => {
    expect(toTextRequest({ messages: [user] })).toEqual({ prompt: "hi" });
    expect(toTextRequest({ messages: [system, user] })).toEqual({ prompt: "hi", system: "Be brief." });
  });

  it("keeps everything else of the request", () => {
    const common = {
      settings: { seed: 1 },
      strictSettings: true,
      reasoning: "low",
      responseFormat: { type: "json" },
      extra: { num_ctx: 1 },
    } as const;
    expect(toTextRequest({ messages: [user], ...common })).toEqual({ prompt: "hi", ...common });
  });

  it("D7: texts and images of the turn, in order", () => {
    const image = (data: string) => ({ type: "image", mediaType: "image/png", data }) as const;
    const content = [
      { type: "text", text: "a" } as const,
      image("1"),
      { type: "text", text: "b" } as const,
      image("2"),
    ];
    expect(toTextRequest({ messages: [{ role: "user", content }] })).toEqual({
      prompt: "a\nb",
      images: [image("1"), image("2")],
    });
  });

  it("tools that may not be called are none", () => {
    expect(toTextRequest({ messages: [user], tools, toolChoice: "none" })).toEqual({ prompt: "hi" });
    expect(toTextRequest({ messages: [user], tools: [], toolChoice: "auto" })).toEqual({ prompt: "hi" });
  });

  it.each<[string, ChatRequest]>([
    ["nothing", { messages: [] }],
    ["a system text alone", { messages: [system] }],
    ["two user turns", { messages: [user, user] }],
    ["a history", { messages: [user, assistant, user] }],
    ["a beginning of the answer", { messages: [user, assistant] }],
    ["two system texts", { messages: [system, system, user] }],
    ["a system text that comes last", { messages: [user, system] }],
    ["tools", { messages: [user], tools }],
    ["a call that must be made", { messages: [user], toolChoice: "required" }],
    ["a call that is named", { messages: [user], toolChoice: { name: "now" } }],
    ["a speaker's name", { messages: [{ role: "user", name: "ann", content: [{ type: "text", text: "hi" }] }] }],
    ["no text, which would only load the model", { messages: [{ role: "user", content: [] }] }],
    [
      "an empty system text, for which the model's own would stand in",
      { messages: [{ ...system, content: "" }, user] },
    ],
  ])("E2: %s is more than a prompt", (_, request) => {
    expect(toTextRequest(request)).toBeUndefined();
  });
});
