import { recording, recordings } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import { type InputPaths, toHostError } from "./to-host-error.ts";

const MESSAGES: InputPaths = { text: "messages", images: "messages" };
const errorOf = (status: number, text: string, paths = MESSAGES) => toHostError({ status, text }, paths).error;
const outcome = (status: number, text: string, paths?: InputPaths) => {
  const { code, setting } = errorOf(status, text, paths);
  return setting === undefined ? code : `${code} ${setting}`;
};

/** What the callers of these endpoints call what they send. */
const pathsOf = (name: string): InputPaths => {
  if (name.startsWith("embed")) return { text: "input", images: "input" };
  return name.startsWith("generate") ? { text: "prompt", images: "images" } : MESSAGES;
};

/** Every refusal that was recorded, on either version, and what it must be taken for. */
const RECORDED: Readonly<Record<string, string>> = {
  "chat-bad-keep-alive": "invalid_value extra.keep_alive",
  "chat-bad-option-type": "invalid_value extra.temperature",
  "chat-content-array": "invalid_value",
  "chat-empty-body": "invalid_value",
  "chat-format-bad": "invalid_value responseFormat",
  "chat-format-bad-schema": "invalid_value responseFormat",
  "chat-format-number": "invalid_value responseFormat",
  "chat-image-bad-base64": "invalid_value messages",
  "chat-image-no-vision": "unsupported messages",
  "chat-malformed": "invalid_value",
  "chat-missing-model": "model_not_found",
  "chat-missing-model-whole": "model_not_found",
  "chat-native-bad-arguments-stream": "unsupported tools",
  "chat-native-bad-arguments-whole": "unsupported tools, upstream_error",
  "chat-native-tools-stream": "unsupported tools",
  "chat-native-tools-whole": "unsupported tools",
  "chat-no-model": "invalid_value model",
  "chat-overflow-truncate-false": "context_length_exceeded messages",
  "chat-stop-string": "invalid_value extra.stop",
  "chat-stream-string": "invalid_value",
  "chat-think-bad-level": "invalid_value extra.think",
  "chat-think-unsupported": "unsupported reasoning",
  "chat-tools-arguments-string": "invalid_value",
  "chat-tools-unsupported": "unsupported tools",
  "chat-tools-unsupported-whole": "unsupported tools",
  "embed-missing-model": "model_not_found",
  "embed-not-an-embedder": "unsupported model",
  "embed-too-long": "context_length_exceeded input",
  "fault-runner-killed-whole": "upstream_error",
  "generate-missing-model": "model_not_found",
  "generate-suffix-unsupported": "unsupported suffix",
  "generate-template-bad": "invalid_value extra.template",
  "generate-think-unsupported": "unsupported reasoning",
  "server-double-slash": "upstream_protocol_error",
  "server-foreign-host": "upstream_auth_failed",
  "server-foreign-origin": "upstream_auth_failed",
  "server-unknown-path": "upstream_protocol_error",
  "server-wrong-method": "upstream_protocol_error",
  "show-bad-name": "invalid_value model",
  "show-missing": "model_not_found",
  "show-no-name": "invalid_value model",
};

describe("toHostError", () => {
  it("knows every refusal of the recorded servers", () => {
    const seen: Record<string, string> = {};
    for (const { name, status, chunks } of [...recordings("0.24.0"), ...recordings("0.33.0")]) {
      if (status < 300 || name.startsWith("v1-")) continue;
      const taken = outcome(status, chunks.join(""), pathsOf(name));
      const before = seen[name];
      seen[name] = before === undefined || before === taken ? taken : `${before}, ${taken}`;
    }
    expect(seen).toEqual(RECORDED);
  });

  it.each<[number, string, string]>([
    [200, '{"error":"an error was encountered while running the model: unexpected EOF"}', "upstream_error"],
    [
      400,
      '{"error":"the prompt is longer than the context length currently available to the model; shorten the prompt"}',
      "context_length_exceeded messages",
    ],
    [
      500,
      '{"error":"input length (9 tokens) exceeds the model\'s maximum context length (8 tokens)"}',
      "context_length_exceeded messages",
    ],
    [200, '{"error":"Context size has been exceeded."}', "context_length_exceeded messages"],
    [400, '{"error":"top_logprobs must be between 0 and 20"}', "invalid_value settings.logprobs"],
    [400, '{"error":"raw mode does not support template, system, or context"}', "invalid_value extra.raw"],
    [400, '{"error":"\\"m\\" does not support chat"}', "unsupported model"],
    [
      500,
      '{"error":"{\\"error\\":{\\"message\\":\\"image input is not supported - hint: mmproj\\"}}\\nlog tail"}',
      "unsupported messages",
    ],
    [503, '{"error":"server busy, please try again.  maximum pending requests exceeded"}', "upstream_busy"],
    [503, "", "upstream_busy"],
    [429, '{"StatusCode":429,"Status":"429 Too Many Requests","error":"slow down"}', "rate_limit_exceeded"],
    [401, '{"error":"unauthorized","signin_url":"https://ollama.com/connect"}', "upstream_auth_failed"],
    [403, "", "upstream_auth_failed"],
    [
      500,
      '{"error":"detokenize error: {\\"error\\":{\\"code\\":500,\\"message\\":\\"vector::_M_range_check\\"}}"}',
      "invalid_value extra.context",
    ],
    [200, '{"error":"pull model manifest: file does not exist"}', "model_not_found"],
    [404, '{"error":"model \'a\\nb\' not found"}', "model_not_found"],
    [200, '{"error":"pull model manifest: Get \\"https://registry.ollama.ai\\": dial tcp"}', "upstream_error"],
    [400, '{"error":"this model only supports one image while more than one image requested"}', "unsupported messages"],
    [500, '{"error":"timed out waiting for llama-server to start - progress 0.00"}', "upstream_error"],
    [500, '{"error":"model requires more system memory (9 GiB) than is available (2 GiB)"}', "upstream_error"],
    [502, "<html>Bad gateway</html>", "upstream_error"],
    [413, "", "invalid_value"],
    [200, '{"error":{"message":"an object, not a text"}}', "upstream_error"],
    [200, '{"error":null}', "upstream_error"],
  ])("%i %s is %s", (status, text, expected) => {
    expect(outcome(status, text)).toBe(expected);
  });

  it("tells the numbers when the engine does", () => {
    const inner = JSON.stringify({
      error: {
        code: 400,
        message: "request (9001 tokens) exceeds the available context size (8192 tokens)",
        n_prompt_tokens: 9001,
        n_ctx: 8192,
      },
    });
    expect(errorOf(400, JSON.stringify({ error: inner })).message).toBe(
      "The prompt has 9001 tokens; the model's context window holds 8192.",
    );
  });

  it("L7: names the variable that sets how long loading may stall", () => {
    const text = '{"error":"timed out waiting for llama-server to start - progress 0.00 - "}';
    expect(errorOf(500, text).message).toContain("OLLAMA_LOAD_TIMEOUT");
  });

  it("keeps the upstream's words for the log, out of the message and out of JSON", () => {
    const text = '{"error":"secret path /home/ann: exploded"}';
    const { error } = toHostError({ status: 500, text, retryAfterMs: 1500 }, MESSAGES);
    expect(error).toMatchObject({
      upstreamStatus: 500,
      upstreamMessage: "secret path /home/ann: exploded",
      retryAfterMs: 1500,
    });
    expect(error.message + JSON.stringify(error)).not.toContain("secret");
  });

  it.each([
    ["chat-tools-unsupported", "tools"],
    ["chat-think-unsupported", "reasoning"],
    ["generate-suffix-unsupported", "suffix"],
    ["chat-image-no-vision", "images"],
    ["embed-not-an-embedder", "embeddings"],
    ["chat-missing-model", undefined],
  ])("B7: %s says what the model lacks: %s", (name, lacks) => {
    const refusal = recording("0.33.0", name);
    expect(toHostError({ status: refusal.status, text: refusal.chunks.join("") }, MESSAGES).lacks).toBe(lacks);
  });
});
