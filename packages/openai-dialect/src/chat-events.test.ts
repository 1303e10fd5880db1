import type { Batch, StreamPart } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../test/seeded-random.ts";
import { createChunkEncoder } from "./chat-chunks.ts";
import { createEventEncoder } from "./chat-events.ts";

const IDENTITIES = [
  { id: "chatcmpl-1", created: 1_790_000_000, model: "m" },
  { id: '""', created: 0, model: 'a"":{}\\ "content":"" \n\u2028💧' },
];
const TEXTS = [
  "a",
  " ",
  '"',
  '""',
  "\\",
  "\n\n",
  "data: [DONE]",
  "\r",
  "\u0000",
  "\u2028",
  "ü💧",
  "\ud83d",
  "\udca7",
  "__proto__",
];

/** A legal stream with everything in it, in any order. */
function randomParts(pick: (below: number) => number): readonly StreamPart[] {
  const parts: StreamPart[] = [{ type: "start", modelId: "m", warnings: [] }];
  const ids: string[] = [];
  const text = () => TEXTS[pick(TEXTS.length)] ?? "a";
  for (let left = pick(12); left > 0; left -= 1) {
    const id = ids[pick(ids.length)];
    const kind = pick(7);
    if (kind === 0) parts.push({ type: "reasoning-delta", text: text() });
    else if (kind === 1) {
      ids.push(`call_${ids.length}`);
      parts.push({ type: "tool-call-start", id: `call_${ids.length - 1}`, name: text() });
    } else if (kind === 2 && id !== undefined) parts.push({ type: "tool-call-delta", id, argumentsDelta: text() });
    else if (kind === 3)
      parts.push({ type: "logprobs", tokens: [{ token: text(), logprob: -1, bytes: [1, 2], top: [] }] });
    else if (kind === 4) parts.push({ type: "warning", warning: { setting: "seed", message: text() } });
    else parts.push({ type: "text-delta", text: text() });
  }
  parts.push({ type: "finish", reason: "stop", usage: { inputTokens: pick(9), outputTokens: undefined } });
  return parts;
}

function randomSplit(parts: readonly StreamPart[], pick: (below: number) => number): readonly Batch[] {
  const batches: StreamPart[][] = [];
  for (const part of parts) {
    const last = batches.at(-1);
    if (last === undefined || pick(2) === 0) batches.push([part]);
    else last.push(part);
  }
  return batches;
}

describe("createEventEncoder", () => {
  it("writes exactly the chunk encoder's chunks, whatever the parts and the batches", () => {
    const pick = seededRandom(1);
    for (let round = 0; round < 5000; round += 1) {
      const identity = IDENTITIES[round % 2] ?? { id: "", created: 0, model: "" };
      const options = { ...identity, includeUsage: pick(2) === 0 };
      const events = createEventEncoder(options);
      const chunks = createChunkEncoder(options);
      for (const batch of randomSplit(randomParts(pick), pick)) {
        const expected = chunks.encode(batch).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
        expect(events.encode(batch)).toBe(expected.join(""));
      }
    }
  });

  it("N1: one event is one data line and an empty line, and the end mark is the caller's to write", () => {
    const events = createEventEncoder({ id: "i", created: 1, model: "m", includeUsage: false });
    const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
    expect(events.encode([start])).toBe("");
    expect(events.encode([{ type: "text-delta", text: "a\n\nb" }])).toBe(
      'data: {"id":"i","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n' +
        'data: {"id":"i","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"a\\n\\nb"},"logprobs":null,"finish_reason":null}]}\n\n',
    );
    const end = events.encode([{ type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } }]);
    expect(end).toMatch(/^data: \{.*"delta":\{\},"logprobs":null,"finish_reason":"stop"\}\]\}\n\n$/);
    expect(events.done).toBe("data: [DONE]\n\n");
  });
});
