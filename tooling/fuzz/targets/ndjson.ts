import { deepStrictEqual } from "node:assert";
import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { lines } from "../../../packages/http/src/lines.ts";
import { readAnswer, readEvents } from "../../../packages/ollama-host/src/read-events.ts";
import { CHAT, GENERATE, outcome } from "../../../packages/ollama-host/test/answer-outcome.ts";
import { randomAnswer } from "../../../packages/ollama-host/test/random-answer.ts";
import { seededRandom } from "../../../packages/openai-dialect/test/seeded-random.ts";
import { corpus } from "../corpus.ts";
import { cut, uncut } from "../cut.ts";
import { mutated } from "../mutated.ts";
import { readAll } from "../read-all.ts";
import { recordedAnswers } from "../recorded.ts";
import type { Target } from "../target.ts";

const toChat = (json: string) => `"message":{"role":"assistant","content":${json}}`;
const toGenerate = (json: string) => `"response":${json}`;

const samples = [
  ...recordedAnswers("/api/chat"),
  ...recordedAnswers("/api/generate"),
  ...corpus("ndjson").map(({ bytes }) => bytes),
];
const WORDS = [
  '"done":true',
  '"done":false}',
  '"message":{"role":"assistant","content":"',
  '{"error":"boom"}\n',
  '","thinking":"',
  '"tool_calls":[{"function":{"name":"f","arguments":{}}}]',
  "\\u003cb\\u003e",
  "\\ud83d\\udca7",
  '{"model":"m","created_at":"2026","message":{"role":"assistant","content":"x"},"done":false}\n',
];

/** Lines, and what answers of Ollama come to: however they are cut, and as the parser has them where no text is parsed. */
export const ndjson: Target = {
  name: "ndjson",
  quick: 10_000,
  inputs: fc.oneof(
    { weight: 3, arbitrary: mutated(samples, WORDS) },
    {
      weight: 2,
      arbitrary: fc.nat().map((seed) => randomAnswer(seededRandom(seed), seed % 2 === 0 ? toChat : toGenerate)),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  ),
  async check(input, seed) {
    const pick = seededRandom(seed);
    const maxLineBytes = pick(4) === 0 ? pick(200) : undefined;
    const read = await readAll(lines(cut(input, pick), { maxLineBytes }));
    deepStrictEqual(read, await readAll(lines(uncut(input), { maxLineBytes })));
    deepStrictEqual(read, plainLines(input, maxLineBytes));
    const format = pick(2) === 0 ? CHAT : GENERATE;
    const slow = await outcome(readEvents(uncut(input), format));
    deepStrictEqual(await outcome(readAnswer(cut(input, pick), format)), slow);
    deepStrictEqual(await outcome(readAnswer(uncut(input), format)), slow);
  },
};

/** The same lines in the plainest words there are. */
function plainLines(input: Uint8Array, maxLineBytes = Number.POSITIVE_INFINITY): Awaited<ReturnType<typeof readAll>> {
  const items: string[] = [];
  const bytes = Buffer.from(input);
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf("\n", start);
    const end = at < 0 ? bytes.length : at;
    const line = bytes.subarray(start, bytes[end - 1] === 13 && end > start ? end - 1 : end);
    if (line.length > maxLineBytes) return { items, failure: "upstream_response_too_large" };
    if (!isUtf8(line)) return { items, failure: "upstream_protocol_error" };
    const text = line.toString("utf8");
    const without = start === 0 && text.startsWith("\uFEFF") ? text.slice(1) : text;
    if (without !== "") items.push(without);
    start = end + 1;
  }
  return { items, failure: undefined };
}
