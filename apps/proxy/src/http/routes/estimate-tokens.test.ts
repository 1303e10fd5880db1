import { expect, it } from "vitest";
import { estimateTokens } from "./estimate-tokens.ts";

it.each<[string, unknown, number]>([
  ["a text", "twelve chars", 3],
  ["an empty text", "", 0],
  ["bytes, not characters", "日本語日", 3],
  ["messages, each with what is around it", [{ content: "twelve chars" }, { content: "four" }], 3 + 1 + 8],
  ["parts, without their images", [{ content: [{ type: "text", text: "four" }, { image_url: "x".repeat(999) }] }], 5],
  ["arguments of calls", [{ tool_calls: [{ id: "x".repeat(99), function: { name: "four", arguments: "four" } }] }], 6],
])("counts %s", (_, prompt, tokens) => {
  expect(estimateTokens(prompt)).toBe(tokens);
});
