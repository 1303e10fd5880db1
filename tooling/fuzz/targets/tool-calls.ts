import { deepStrictEqual } from "node:assert";
import {
  applyMiddleware,
  type ChatRequest,
  type Middleware,
  ProviderError,
  type StreamPart,
} from "../../../packages/core/src/index.ts";
import { jsonToolCalls } from "../../../packages/json-tool-calls/src/json-tool-calls.ts";
import { recoverToolCalls } from "../../../packages/json-tool-calls/src/recover-tool-calls.ts";
import replies from "../../../packages/json-tool-calls/test/recordings/grammar-replies.json" with { type: "json" };
import { ask, countingIds, scriptedModel } from "../../../packages/json-tool-calls/test/scripted-model.ts";
import { seededRandom } from "../../../packages/openai-dialect/test/seeded-random.ts";
import { reasoningTags } from "../../../packages/reasoning-tags/src/reasoning-tags.ts";
import { corpus } from "../corpus.ts";
import { cutText } from "../cut.ts";
import { mutated } from "../mutated.ts";
import type { Target } from "../target.ts";

const LAYERS: readonly (() => Middleware)[] = [
  () => jsonToolCalls({ generateId: countingIds() }),
  () => recoverToolCalls({ generateId: countingIds() }),
  () => reasoningTags(),
];
const REQUESTS: readonly ChatRequest[] = [
  ask(),
  ask({ toolChoice: "required", parallelToolCalls: false }),
  ask({ settings: { stop: ["END", "\n\n"] } }),
  ask({ responseFormat: { type: "json" } }),
];
const WORDS = [
  '{"answer":"',
  '{"tool_calls":[',
  '{"name":"get_weather","arguments":{"city":"Oslo"}}',
  '{"name":"now","parameters":{}}',
  '"arguments":"{}"',
  "```json\n",
  "```",
  "<tool_call>",
  "</tool_call>",
  "<function=now>",
  "<parameter=city>",
  "</parameter>",
  "</function>",
  "[TOOL_CALLS]",
  "get_weather[ARGS]{",
  "<|python_tag|>",
  "<think>",
  "</think>",
  "<think",
  "END",
  "EN",
  "\\ud83e\\udd99",
];

/** Text that models write where calls or reasoning are looked for in it: the same, however it is cut. */
export const toolCalls: Target = {
  name: "tool-calls",
  quick: 2000,
  inputs: mutated(
    [...replies.map(({ text }) => Buffer.from(text)), ...corpus("tool-calls").map(({ bytes }) => bytes)],
    WORDS,
  ),
  async check(input, seed) {
    const pick = seededRandom(seed);
    const [layer, request] = [LAYERS[pick(LAYERS.length)], REQUESTS[pick(REQUESTS.length)]];
    if (layer === undefined || request === undefined) throw new RangeError("There is one of each.");
    const text = Buffer.from(input).toString("utf8");
    deepStrictEqual(await partsOf(cutText(text, pick), layer(), request), await partsOf([text], layer(), request));
  },
};

/** Everything that comes out, pieces that follow each other joined, and the code of a failure after it. */
async function partsOf(
  pieces: readonly string[],
  layer: Middleware,
  request: ChatRequest,
): Promise<readonly unknown[]> {
  const { model } = scriptedModel([pieces.filter((piece) => piece !== "")], "none");
  const parts: StreamPart[] = [];
  try {
    for await (const batch of applyMiddleware(model, [layer]).stream(request))
      for (const part of batch) add(parts, part);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return [...parts, error.code];
  }
  return parts;
}

function add(parts: StreamPart[], part: StreamPart): void {
  const last = parts.at(-1);
  if (last?.type === "text-delta" && part.type === "text-delta")
    parts[parts.length - 1] = { ...last, text: last.text + part.text };
  else if (last?.type === "reasoning-delta" && part.type === "reasoning-delta")
    parts[parts.length - 1] = { ...last, text: last.text + part.text };
  else if (last?.type === "tool-call-delta" && part.type === "tool-call-delta" && last.id === part.id)
    parts[parts.length - 1] = { ...last, argumentsDelta: last.argumentsDelta + part.argumentsDelta };
  else parts.push(part);
}
