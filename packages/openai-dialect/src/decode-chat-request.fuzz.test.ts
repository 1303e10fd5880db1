import { ProviderError } from "@llamaduct/core";
import { expect, it } from "vitest";
import { seededRandom } from "../test/seeded-random.ts";
import { decodeChatRequest } from "./decode-chat-request.ts";

const PNG = "data:image/png;base64,iVBORw0KGgo=";
const VALID = {
  model: "m",
  messages: [
    { role: "system", content: [{ type: "text", text: "s" }] },
    {
      role: "user",
      name: "n",
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
  n: 1,
  stream: true,
  stream_options: { include_usage: true },
  modalities: ["text"],
  store: true,
  num_ctx: 1,
  options: { a: [1] },
};
type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, member]) =>
    pathsOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? below : [path, ...below];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, member]) => [name, name === key ? replaced(member, rest, by) : member]),
  );
}

const WORDS = [
  "",
  "text",
  "function",
  "tool",
  "user",
  "file",
  "auto",
  "__proto__",
  "https://x",
  PNG,
  "\ud800",
  "x".repeat(999),
];

function randomJson(pick: (below: number) => number, depth = 3): unknown {
  switch (pick(depth === 0 ? 6 : 9)) {
    case 0:
      return null;
    case 1:
      return pick(2) === 0;
    case 2:
      return pick(9) - 4;
    case 3:
      return [0.5, 1e300, -1e300, 2 ** 53][pick(4)];
    case 4:
    case 5:
      return WORDS[pick(WORDS.length)];
    case 6:
      return Array.from({ length: pick(4) }, () => randomJson(pick, depth - 1));
    case 7: {
      const type = WORDS[pick(WORDS.length)];
      return { type, role: type, text: randomJson(pick, 0), [type ?? ""]: randomJson(pick, depth - 1) };
    }
    default:
      return DEEP;
  }
}

const DEEP: unknown = JSON.parse(`${'{"a":['.repeat(50_000)}${"]}".repeat(50_000)}`);
const PATHS = pathsOf(VALID);

it("accepts the request the fuzzing starts from", () => {
  expect(decodeChatRequest(VALID).request.messages).toHaveLength(4);
  expect(PATHS.length).toBeGreaterThan(80);
});

it.each(PATHS.map((path) => [path.join("."), path] as const))(
  "any JSON at %s is decoded or refused by name",
  (_, path) => {
    const pick = seededRandom(path.join(".").length + PATHS.indexOf(path) * 97);
    for (let round = 0; round < 60; round += 1) {
      const body = replaced(VALID, path, randomJson(pick));
      try {
        const { request } = decodeChatRequest(body);
        expect(JSON.parse(JSON.stringify(request))).toEqual(request);
      } catch (error) {
        expect(error).toBeInstanceOf(ProviderError);
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(invalid_value|unsupported)$/),
          setting: expect.any(String),
        });
      }
    }
  },
);
