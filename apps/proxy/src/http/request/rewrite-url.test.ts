import { expect, it } from "vitest";
import { rewriteUrl } from "./rewrite-url.ts";

it.each([
  ["/engines/llama3/completions", "/engines/llama3/completions"],
  ["/engines/ollama/llama3:1b/completions", "/engines/ollama%2Fllama3:1b/completions"],
  ["/engines/ollama%2Fllama3/embeddings", "/engines/ollama%2Fllama3/embeddings"],
  ["/engines/a/b/chat/completions", "/engines/a%2Fb/chat/completions"],
  ["/engines/a%2Fchat/completions", "/engines/a%2Fchat/completions"],
  [
    "/openai/deployments/hf.co/org/repo:Q4/chat/completions?api-version=1/2",
    "/openai/deployments/hf.co%2Forg%2Frepo:Q4/chat/completions?api-version=1/2",
  ],
  ["/engines//completions", "/engines//completions"],
  ["/engines/a/b/other", "/engines/a/b/other"],
  ["/v1/models/a/b", "/v1/models/a/b"],
  ["/x?/engines/a/b/completions", "/x?/engines/a/b/completions"],
  ["*", "*"],
])("%s is routed as %s", (url, routed) => {
  expect(rewriteUrl(url, "")).toBe(routed);
});

it.each([
  ["/llm/v1/models", "/v1/models"],
  ["/llm/engines/a/b/completions", "/engines/a%2Fb/completions"],
  ["/v1/models", "/v1/models"],
  ["/llmore/v1/models", "/llmore/v1/models"],
  ["/llm", "/llm"],
  ["/llm//v1/models", "//v1/models"],
  ["http://proxy/llm/v1/models", "http://proxy/llm/v1/models"],
])("below /llm, %s is routed as %s", (url, routed) => {
  expect(rewriteUrl(url, "/llm")).toBe(routed);
});
