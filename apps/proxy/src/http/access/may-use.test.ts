import { expect, it } from "vitest";
import { mayUse } from "./may-use.ts";

const key = (...models: string[]) => ({ name: "k", key: { name: "k", sha256: "", models } });

it.each<[readonly string[], string, boolean]>([
  [["gpt-4o"], "gpt-4o", true],
  [["gpt-4o"], "gpt-4o-mini", false],
  [["a", "b"], "b", true],
  [["*"], "anything/at:all", true],
  [["all-proxy-models"], "anything", true],
  [["ollama_chat/*"], "ollama_chat/llama3", true],
  [["ollama_chat/*"], "ollama/llama3", false],
  [["*-mini"], "gpt-mini", true],
  [["*-mini"], "gpt-mini-2", false],
  [["a*b*c"], "a-b-c", true],
  [["a*b*c"], "abc", true],
  [["a*b*c"], "acb", false],
  [["a*b*b"], "ab", false],
  [["ab*ba"], "aba", false],
  [["a.c"], "abc", false],
  [[], "a", false],
])("a key for %j may ask for %s: %s", (models, model, allowed) => {
  expect(mayUse(key(...models), model)).toBe(allowed);
});

it("whoever has no list may ask for all", () => {
  expect(mayUse({ name: "k", key: { name: "k", sha256: "" } }, "a")).toBe(true);
  expect(mayUse({ name: "master" }, "a")).toBe(true);
});
