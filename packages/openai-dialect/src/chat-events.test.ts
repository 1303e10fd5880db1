import type { StreamPart } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { dataOf, toEncoded, toText } from "../test/events.ts";
import { randomMerge, randomParts, randomSplit } from "../test/random-stream.ts";
import { seededRandom } from "../test/seeded-random.ts";
import { createChunkEncoder } from "./chat-chunks.ts";
import { createEventEncoder } from "./chat-events.ts";

const IDENTITIES = [
  { id: "chatcmpl-1", created: 1_790_000_000, model: "m" },
  { id: '""', created: 0, model: 'a"":{}\\ "content":"" \n\u2028💧' },
];

describe("createEventEncoder", () => {
  it("writes exactly the chunk encoder's chunks, whatever the parts, the batches and the choices", () => {
    const pick = seededRandom(1);
    for (let round = 0; round < 3000; round += 1) {
      const identity = IDENTITIES[round % 2] ?? { id: "", created: 0, model: "" };
      const n = 1 + pick(3);
      const options = { ...identity, includeUsage: pick(2) === 0, mergeReasoning: pick(2) === 0, n };
      const events = createEventEncoder(options);
      const chunks = createChunkEncoder(options);
      const streams = Array.from({ length: n }, () => randomSplit(randomParts(pick), pick));
      for (const { batch, index } of randomMerge(streams, pick)) {
        const expected = chunks.encode(batch, index).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
        expect(toText(events.encode(batch, index))).toBe(expected.join(""));
      }
    }
  });

  it("writes encoded text so that a client reads the same events, with whatever comes before and after", () => {
    const pick = seededRandom(2);
    for (let round = 0; round < 3000; round += 1) {
      const identity = IDENTITIES[round % 2] ?? { id: "", created: 0, model: "" };
      const options = { ...identity, includeUsage: pick(2) === 0, mergeReasoning: pick(2) === 0, n: 1 };
      const [encoded, plain] = [createEventEncoder(options), createEventEncoder(options)];
      for (const batch of randomSplit(randomParts(pick), pick))
        expect(dataOf(encoded.encode(toEncoded(batch)))).toEqual(dataOf(plain.encode(batch)));
    }
  });

  it("N1: one event is one data line and an empty line, and the end mark is the caller's to write", () => {
    const events = createEventEncoder({ id: "i", created: 1, model: "m", includeUsage: false });
    const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
    expect(events.encode([start])).toHaveLength(0);
    expect(toText(events.encode([{ type: "text-delta", text: "a\n\nb" }]))).toBe(
      'data: {"id":"i","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n' +
        'data: {"id":"i","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"a\\n\\nb"},"logprobs":null,"finish_reason":null}]}\n\n',
    );
    const end = events.encode([{ type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } }]);
    expect(toText(end)).toMatch(/^data: \{.*"delta":\{\},"logprobs":null,"finish_reason":"stop"\}\]\}\n\n$/);
    expect(toText(events.done)).toBe("data: [DONE]\n\n");
  });
});
