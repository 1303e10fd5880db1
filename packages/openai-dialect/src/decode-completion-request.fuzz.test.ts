import { expect, it } from "vitest";
import { fuzz } from "../test/fuzz.ts";
import { decodeCompletionRequest } from "./decode-completion-request.ts";

const VALID = {
  model: "m",
  prompt: ["a", ""],
  suffix: "s",
  system: "s",
  images: ["data:image/png;base64,iVBORw0KGgo="],
  echo: true,
  n: 2,
  best_of: 3,
  logprobs: 1,
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
  stream: false,
  stream_options: { include_usage: true },
  drop_params: true,
  additional_drop_params: ["options.b", "prompt[1]"],
  allowed_openai_params: ["seed"],
  user: "u",
  raw: true,
  context: [1, 2],
};

it("accepts the request the fuzzing starts from", () => {
  expect(decodeCompletionRequest(VALID)).toMatchObject({ prompts: ["a"], bestOf: 3 });
});

fuzz(decodeCompletionRequest, VALID);
