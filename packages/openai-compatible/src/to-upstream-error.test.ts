import { expect, it } from "vitest";
import { toUpstreamError } from "./to-upstream-error.ts";

const openai = (error: object) => JSON.stringify({ error });

it.each<[string, number, string, object]>([
  [
    "OpenAI, a parameter",
    400,
    openai({ message: "Invalid", type: "invalid_request_error", param: "messages[0].content", code: null }),
    { code: "invalid_value", setting: "messages" },
  ],
  ["a setting", 400, openai({ message: "x", param: "top_p" }), { code: "invalid_value", setting: "settings.topP" }],
  [
    "a foreign parameter",
    400,
    openai({ message: "x", param: "constructor" }),
    { code: "invalid_value", setting: undefined },
  ],
  [
    "OpenAI, a model",
    404,
    openai({ message: "The model `x` does not exist or …", code: "model_not_found" }),
    { code: "model_not_found" },
  ],
  [
    "vLLM, a model",
    404,
    openai({ message: "The model `x` does not exist.", type: "NotFoundError", code: 404 }),
    { code: "model_not_found" },
  ],
  ["Ollama, a model", 404, openai({ message: "model 'nope' not found" }), { code: "model_not_found" }],
  [
    "llama.cpp, a path",
    404,
    openai({ message: "File Not Found", type: "not_found_error", code: 404 }),
    { code: "upstream_protocol_error" },
  ],
  ["FastAPI, a path", 404, '{"detail":"Not Found"}', { code: "upstream_protocol_error" }],
  [
    "llama.cpp, context",
    400,
    openai({ message: "too long", type: "exceed_context_size_error", code: 400 }),
    { code: "context_length_exceeded" },
  ],
  [
    "vLLM before its envelope, context",
    400,
    '{"object":"error","message":"This model\'s maximum context length is 8192 tokens.","code":400}',
    { code: "context_length_exceeded" },
  ],
  ["llama.cpp, loading", 503, openai({ message: "Loading model" }), { code: "upstream_busy" }],
  [
    "vLLM, tools",
    400,
    openai({ message: '"auto" tool choice requires --enable-auto-tool-choice' }),
    { code: "unsupported", setting: "tools" },
  ],
  [
    "llama.cpp, tools",
    500,
    openai({ message: "tools param requires --jinja flag" }),
    { code: "unsupported", setting: "tools" },
  ],
  [
    "Ollama, thinking",
    400,
    openai({ message: '"plain" does not support thinking' }),
    { code: "unsupported", setting: "reasoning" },
  ],
  [
    "Ollama, images",
    400,
    openai({ message: "Multimodal data provided, but model does not" }),
    { code: "unsupported", setting: "messages" },
  ],
  [
    "Ollama, suffix",
    400,
    openai({ message: "plain does not support insert" }),
    { code: "unsupported", setting: "suffix" },
  ],
  [
    "vLLM, suffix",
    400,
    openai({ message: "suffix is not currently supported" }),
    { code: "unsupported", setting: "suffix" },
  ],
  [
    "llama.cpp, embeddings",
    501,
    openai({ message: "This server does not support embeddings." }),
    { code: "unsupported", setting: "model" },
  ],
  ["a gateway", 529, "overloaded", { code: "upstream_busy" }],
  ["a redirect", 302, "", { code: "upstream_protocol_error" }],
  ["too large", 413, "", { code: "invalid_value" }],
  ["an event", 200, openai({ message: "boom" }), { code: "upstream_error" }],
  ["an event with text alone", 200, '{"error":"boom"}', { code: "upstream_error", upstreamMessage: "boom" }],
])("%s", (_, status, text, error) => {
  expect(toUpstreamError({ status, text })).toMatchObject({ upstreamStatus: status, ...error });
});
