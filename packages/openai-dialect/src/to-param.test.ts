import { expect, it } from "vitest";
import { toParam } from "./to-param.ts";

it.each([
  ["settings.maxOutputTokens", "max_tokens"],
  ["settings.temperature", "temperature"],
  ["settings.topP", "top_p"],
  ["settings.topK", "top_k"],
  ["settings.minP", "min_p"],
  ["settings.frequencyPenalty", "frequency_penalty"],
  ["settings.presencePenalty", "presence_penalty"],
  ["settings.logitBias", "logit_bias"],
  ["settings.seed", "seed"],
  ["settings.stop.1", "stop.1"],
  ["settings.logprobs", "logprobs"],
  ["responseFormat", "response_format"],
  ["responseFormat.schema", "response_format.json_schema.schema"],
  ["responseFormat.schema.properties", "response_format.json_schema.schema.properties"],
  ["toolChoice", "tool_choice"],
  ["parallelToolCalls", "parallel_tool_calls"],
  ["reasoning", "reasoning_effort"],
  ["extra.num_ctx", "num_ctx"],
  ["extra.reasoning", "reasoning"],
  ["messages.0.content", "messages.0.content"],
  ["tools", "tools"],
  ["tools.12.parameters", "tools.12.function.parameters"],
  ["tools.0.name", "tools.0.function.name"],
  ["tools.0.function.strict", "tools.0.function.strict"],
  ["reasoning_effort", "reasoning_effort"],
])("%s is OpenAI's %s", (setting, param) => {
  expect(toParam(setting)).toBe(param);
});

it("is null when no field is named", () => {
  expect(toParam(undefined)).toBeNull();
});
