import { conformanceCases } from "@llamaduct/conformance";
import { describe, it } from "vitest";
import { chat, fallback, generate } from "./targets.ts";

describe.each([
  ["ollama_chat", chat],
  ["ollama", generate],
  ["json-tool-calls around ollama_chat", fallback],
])("%s", (_, target) => {
  for (const { title, run } of conformanceCases(target)) it(title, run);
});
