import { expect, it } from "vitest";
import { modelKey } from "./model-key.ts";

it.each([
  ["llama3.2", "llama3.2:latest"],
  ["Llama3.2:LATEST", "llama3.2:latest"],
  ["library/llama3.2", "llama3.2:latest"],
  ["registry.ollama.ai/library/llama3.2:1b", "llama3.2:1b"],
  ["https://registry.ollama.ai/me/foo", "me/foo:latest"],
  ["me/foo:latest", "me/foo:latest"],
  ["hf.co/Org/Repo:Q4_K_M", "hf.co/org/repo:q4_k_m"],
  ["host:5000/a/b", "host:5000/a/b:latest"],
])("K2: %s is %s", (name, key) => {
  expect(modelKey(name)).toBe(key);
});
