import type { StreamPart } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { dataOf, toEncoded, toText } from "../test/events.ts";
import { randomMerge, randomParts, randomSplit } from "../test/random-stream.ts";
import { seededRandom } from "../test/seeded-random.ts";
import { createTextChunkEncoder } from "./text-chunks.ts";
import { createTextEventEncoder } from "./text-events.ts";

const IDENTITIES = [
  { id: "cmpl-1", created: 1_790_000_000, model: "m" },
  { id: '""', created: 0, model: 'a"":{}\\ "text":"" \n\u2028💧' },
];

describe("createTextEventEncoder", () => {
  it("writes exactly the chunk encoder's chunks, whatever the parts, the batches and the choices", () => {
    const pick = seededRandom(3);
    for (let round = 0; round < 3000; round += 1) {
      const identity = IDENTITIES[round % 2] ?? { id: "", created: 0, model: "" };
      const prompts = ["", 'Say "', "b"].slice(pick(3));
      const n = 1 + pick(2);
      const options = { ...identity, includeUsage: pick(2) === 0, echo: pick(2) === 0, prompts, n };
      const events = createTextEventEncoder(options);
      const chunks = createTextChunkEncoder(options);
      const streams = Array.from({ length: prompts.length * n }, () => randomSplit(randomParts(pick), pick));
      for (const { batch, index } of randomMerge(streams, pick)) {
        const expected = chunks.encode(batch, index).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
        expect(toText(events.encode(batch, index))).toBe(expected.join(""));
      }
    }
  });

  it("writes encoded text so that a client reads the same events, with whatever comes before and after", () => {
    const pick = seededRandom(4);
    for (let round = 0; round < 3000; round += 1) {
      const identity = IDENTITIES[round % 2] ?? { id: "", created: 0, model: "" };
      const options = { ...identity, includeUsage: pick(2) === 0, echo: pick(2) === 0, prompts: ['Say "'], n: 1 };
      const [encoded, plain] = [createTextEventEncoder(options), createTextEventEncoder(options)];
      for (const batch of randomSplit(randomParts(pick), pick))
        expect(dataOf(encoded.encode(toEncoded(batch)))).toEqual(dataOf(plain.encode(batch)));
    }
  });

  it("N1: one event is one data line and an empty line, and the end mark is the caller's to write", () => {
    const options = { id: "i", created: 1, model: "m", includeUsage: false, prompts: ["p"], n: 1, echo: false };
    const events = createTextEventEncoder(options);
    const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
    expect(events.encode([start])).toHaveLength(0);
    expect(toText(events.encode([{ type: "text-delta", text: "a\n\nb" }]))).toBe(
      'data: {"id":"i","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"a\\n\\nb","logprobs":null,"finish_reason":null}]}\n\n',
    );
    expect(toText(events.done)).toBe("data: [DONE]\n\n");
  });
});
