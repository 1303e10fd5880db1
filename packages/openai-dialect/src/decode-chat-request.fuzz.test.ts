import { expect, it } from "vitest";
import { fuzz, pathsOf } from "../test/fuzz.ts";
import { decodeChatRequest } from "./decode-chat-request.ts";

const PNG = "data:image/png;base64,iVBORw0KGgo=";
const VALID = {
  model: "m",
  messages: [
    { role: "system", content: [{ type: "text", text: "s" }] },
    {
      role: "user",
      name: "n",
      images: [PNG],
      content: [
        { type: "text", text: "u" },
        { type: "image_url", image_url: { url: PNG } },
      ],
    },
    {
      role: "assistant",
      content: "a",
      reasoning_content: "r",
      tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "c", content: [{ type: "text", text: "t" }] },
  ],
  tools: [
    { type: "function", function: { name: "f", description: "d", parameters: { type: "object" }, strict: false } },
  ],
  tool_choice: { type: "function", function: { name: "f" } },
  parallel_tool_calls: true,
  response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: true } },
  reasoning_effort: { effort: "low" },
  max_completion_tokens: 1,
  max_tokens: 1,
  temperature: 1,
  top_p: 1,
  top_k: 1,
  min_p: 1,
  frequency_penalty: 1,
  presence_penalty: 1,
  logit_bias: { "1": 1 },
  seed: 1,
  stop: ["a"],
  logprobs: true,
  top_logprobs: 1,
  n: 2,
  stream: true,
  stream_options: { include_usage: true },
  modalities: ["text"],
  merge_reasoning_content_in_choices: true,
  drop_params: false,
  additional_drop_params: ["options.b", "tools[*].function.x"],
  allowed_openai_params: ["seed"],
  store: true,
  num_ctx: 1,
  options: { a: [1] },
};
it("accepts the request the fuzzing starts from", () => {
  expect(decodeChatRequest(VALID).request.messages).toHaveLength(4);
  expect(pathsOf(VALID).length).toBeGreaterThan(80);
});

fuzz(decodeChatRequest, VALID);
