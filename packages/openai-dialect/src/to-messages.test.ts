import { describe, expect, it } from "vitest";
import type { AssistantMessageParam, MessageParam } from "./chat-completion-request.ts";
import { toMessages } from "./to-messages.ts";

const PNG = "iVBORw0KGgo=";
const call = (id: string, name: string, args?: string | null) =>
  ({ id, type: "function", function: { name, arguments: args } }) as const;

describe("toMessages", () => {
  it("D8: developer is system, and system text is one string", () => {
    expect(
      toMessages([
        { role: "developer", content: "Be kind." },
        {
          role: "system",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      ]),
    ).toStrictEqual([
      { role: "system", content: "Be kind." },
      { role: "system", content: "a\nb" },
    ]);
  });

  it("D7: one user turn stays one message, its parts in order", () => {
    expect(
      toMessages([
        { role: "user", content: "hi", name: "Ann" },
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
            { type: "image_url", image_url: PNG },
            { type: "text", text: "b" },
          ],
        },
      ]),
    ).toStrictEqual([
      { role: "user", content: [{ type: "text", text: "hi" }], name: "Ann" },
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "image", mediaType: "image/png", data: PNG },
          { type: "image", mediaType: "image/png", data: PNG },
          { type: "text", text: "b" },
        ],
      },
    ]);
  });

  it("H5: takes images next to the text, after it", () => {
    const image = { type: "image", mediaType: "image/png", data: PNG };
    expect(
      toMessages([
        { role: "user", content: "a", images: [PNG, `data:image/png;base64,${PNG}`] },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: PNG },
            { type: "text", text: "b" },
          ],
          images: [PNG],
        },
        { role: "user", content: "c", images: null },
      ]).map(({ content }) => content),
    ).toStrictEqual([
      [{ type: "text", text: "a" }, image, image],
      [image, { type: "text", text: "b" }, image],
      [{ type: "text", text: "c" }],
    ]);
    expect(() => toMessages([{ role: "user", content: "a", images: [PNG, "https://x/y"] }])).toThrow(
      expect.objectContaining({ code: "unsupported", setting: "messages.0.images.1" }),
    );
  });

  it("names the image it cannot use", () => {
    const content = [
      { type: "text", text: "a" },
      { type: "image_url", image_url: { url: "https://x/y" } },
    ] as const;
    expect(() =>
      toMessages([
        { role: "user", content: "a" },
        { role: "user", content },
      ]),
    ).toThrow(expect.objectContaining({ code: "unsupported", setting: "messages.1.content.1.image_url" }));
  });

  it.each(["reasoning_content", "reasoning", "thinking"])(
    "D9: reads past reasoning from %s, before text and calls",
    (field) => {
      const message: AssistantMessageParam = {
        role: "assistant",
        content: "Look:",
        tool_calls: [call("a", "f", '{"x": 1}')],
        reasoning: "",
        [field]: "hm",
      };
      expect(toMessages([message])).toStrictEqual([
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "hm" },
            { type: "text", text: "Look:" },
            { type: "tool-call", id: "a", name: "f", arguments: '{"x": 1}' },
          ],
        },
      ]);
    },
  );

  it.each([[""], [null], [undefined]])("D3: call arguments of %j are none", (args) => {
    expect(toMessages([{ role: "assistant", content: null, tool_calls: [call("a", "f", args)] }])).toStrictEqual([
      { role: "assistant", content: [{ type: "tool-call", id: "a", name: "f", arguments: "{}" }] },
    ]);
  });

  it("keeps arguments that are no JSON as they are", () => {
    const [message] = toMessages([{ role: "assistant", tool_calls: [call("a", "f", "{oops")] }]);
    expect(message).toMatchObject({ content: [{ arguments: "{oops" }] });
  });

  it.each<AssistantMessageParam>([
    { role: "assistant", content: null },
    { role: "assistant", content: "" },
    { role: "assistant", content: [] },
  ])("D3: an answer without text may come back: %j", (message) => {
    expect(toMessages([message])).toStrictEqual([{ role: "assistant", content: [] }]);
  });

  it("refuses an assistant message that has neither content nor calls", () => {
    for (const tool_calls of [undefined, []]) {
      expect(() => toMessages([{ role: "assistant", tool_calls }])).toThrow(
        expect.objectContaining({ code: "invalid_value", setting: "messages.0.content" }),
      );
    }
  });

  it("takes a refusal for text", () => {
    const parts = [
      { type: "text", text: "a" },
      { type: "refusal", refusal: "No." },
    ] as const;
    expect(
      toMessages([
        { role: "assistant", content: parts },
        { role: "assistant", content: null, refusal: "No." },
      ]),
    ).toStrictEqual([
      { role: "assistant", content: [{ type: "text", text: "a\nNo." }] },
      { role: "assistant", content: [{ type: "text", text: "No." }] },
    ]);
  });

  it("D3: a tool result may come in parts and learns its name from the latest call with its id", () => {
    const history: MessageParam[] = [
      { role: "assistant", tool_calls: [call("0", "first"), call("1", "second")] },
      { role: "tool", tool_call_id: "1", content: "two" },
      {
        role: "tool",
        tool_call_id: "0",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { role: "assistant", tool_calls: [call("0", "third")] },
      { role: "tool", tool_call_id: "0", content: "" },
    ];
    expect(toMessages(history).filter((message) => message.role === "tool")).toStrictEqual([
      { role: "tool", callId: "1", name: "second", content: "two" },
      { role: "tool", callId: "0", name: "first", content: "a\nb" },
      { role: "tool", callId: "0", name: "third", content: "" },
    ]);
  });

  it("refuses a tool result without an earlier call", () => {
    const result: MessageParam = { role: "tool", tool_call_id: "a", content: "x" };
    const late: MessageParam = { role: "assistant", tool_calls: [call("a", "f")] };
    expect(() => toMessages([result, late])).toThrow(
      expect.objectContaining({ code: "invalid_value", setting: "messages.0.tool_call_id" }),
    );
  });
});
