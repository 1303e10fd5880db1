import type { Batch, StreamPart } from "@llamaduct/core";
import { ProviderError } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { CHAT_TEXT, parseChatEvent } from "./chat-wire.ts";
import { GENERATE_TEXT, parseGenerateEvent } from "./generate-wire.ts";
import { type AnswerEvents, readAnswer, readEvents } from "./read-events.ts";
import { streamAnswer } from "./stream-answer.ts";

/** `pnpm fuzz` asks for more. */
const CASES = Number(process.env["FUZZ_CASES"] ?? 5_000);
const paths = { text: "messages", images: "messages" };

const CHAT = {
  format: { parse: parseChatEvent, textLine: CHAT_TEXT, paths },
  toLine: (json: string) => `"message":{"role":"assistant","content":${json}}`,
};
const GENERATE = {
  format: { parse: parseGenerateEvent, textLine: GENERATE_TEXT, paths },
  toLine: (json: string) => `"response":${json}`,
};

describe.each([
  ["chat", CHAT],
  ["generate", GENERATE],
])("answers of %s", (_, { format, toLine }) => {
  it(`reads ${CASES} random streams as parsing every line does, wherever they are cut`, async () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const pick = random(seed);
      const body = Buffer.from(Array.from({ length: pick(8) }, () => randomLine(pick, toLine)).join(""));
      // A wrong byte is as wrong on both ways.
      if (pick(12) === 0 && body.length > 0) body[pick(body.length)] = pick(256);
      const fast = await outcome(readAnswer(cut(body, pick), format));
      const slow = await outcome(readEvents(cut(body, pick), format));
      expect(fast, `seed ${seed}: ${JSON.stringify(body.toString("latin1"))}`).toEqual(slow);
    }
  });
});

const WORDS = [
  "",
  " the",
  "<think>",
  "\\u003cb\\u003e",
  '\\"',
  "\\\\",
  "\\n",
  "天",
  "💧",
  "\\ud83d\\udca7",
  "\\ud800",
  "\u2028",
];
const BROKEN = ['"', "\\", "\\x", "\t", "\\u12"];

function randomLine(pick: (below: number) => number, toLine: (json: string) => string): string {
  const head = `{"model":"m${pick(20) === 0 ? "\\u0041" : ""}","created_at":"2026-11-24T10:00:00.${pick(1000)}Z",`;
  const ending = pick(5) === 0 ? "\r\n" : "\n";
  if (pick(12) > 0) {
    const words = Array.from({ length: pick(4) }, () => WORDS[pick(WORDS.length)]).join("");
    const text = pick(30) === 0 ? words + BROKEN[pick(BROKEN.length)] : words;
    return `${head}${toLine(`"${text}"`)},"done":false}${ending}`;
  }
  const others = [
    "",
    '{"error":"boom"}',
    '{"done":true',
    `${head}${toLine('""')},"done":true,"done_reason":"stop","eval_count":2}`,
    `${head}${toLine('"x"')},"done":false,"unknown":1}`,
    `${head}${toLine('"x","thinking":"y"')},"done":false}`,
    `${head}"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":false}`,
    `${head}${toLine("1")},"done":false}`,
  ];
  return others[pick(others.length)] + ending;
}

interface Outcome {
  readonly parts: readonly StreamPart[];
  readonly failure: string | undefined;
}

async function outcome<Event>(events: AsyncIterable<AnswerEvents<Event>>): Promise<Outcome> {
  const parts: StreamPart[] = [];
  let ids = 0;
  // Both formats' events are those that `streamAnswer` reads.
  const opened = { events: events as AsyncIterable<AnswerEvents<object>>, warnings: [] };
  try {
    const answer: AsyncIterable<Batch> = streamAnswer({
      modelId: "m",
      open: async () => opened,
      generateId: () => `call_${ids++}`,
    });
    for await (const batch of answer) parts.push(...batch);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { parts, failure: `${error.code}: ${error.message} ${error.upstreamMessage}` };
  }
  return { parts, failure: undefined };
}

async function* cut(body: Uint8Array, pick: (below: number) => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; ) {
    const end = Math.min(body.length, at + 1 + pick(pick(2) === 0 ? 4 : 400));
    yield body.subarray(at, end);
    at = end;
  }
}

/** Mulberry32: `pick(n)` gives an integer from 0 to n - 1. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
