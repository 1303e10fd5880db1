import { deepStrictEqual } from "node:assert";
import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { events, type ServerSentEvent } from "../../../packages/http/src/events.ts";
import { createOpenAICompatible } from "../../../packages/openai-compatible/src/openai-compatible.ts";
import { seededRandom } from "../../../packages/openai-dialect/test/seeded-random.ts";
import { corpus } from "../corpus.ts";
import { cut, uncut } from "../cut.ts";
import { mutated } from "../mutated.ts";
import { type Read, readAll } from "../read-all.ts";
import { recordedAnswers } from "../recorded.ts";
import type { Target } from "../target.ts";

const samples = [
  ...recordedAnswers("/v1/chat/completions"),
  ...recordedAnswers("/v1/completions"),
  ...corpus("sse").map(({ bytes }) => bytes),
];
const WORDS = [
  "data: ",
  "data:",
  "data",
  ": ping\n\n",
  "event: x\n",
  "id: 7\n",
  "id: \0\n",
  "retry: 10\n",
  "\r\r",
  "\n\r\n",
  "data: [DONE]\n\n",
  'data: {"error":{"message":"boom"}}\n\n',
  '"finish_reason":"stop"',
  '"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{"}}]',
  '"usage":{"prompt_tokens":1}',
];

/** Server-sent events, and what answers of OpenAI's API come to: however they are cut. */
export const sse: Target = {
  name: "sse",
  quick: 10_000,
  inputs: fc.oneof(
    { weight: 4, arbitrary: mutated(samples, WORDS) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  ),
  async check(input, seed) {
    const pick = seededRandom(seed);
    const maxLineBytes = pick(4) === 0 ? pick(200) : undefined;
    const read = await readAll(events(cut(input, pick), { maxLineBytes }));
    deepStrictEqual(read, await readAll(events(uncut(input), { maxLineBytes })));
    if (maxLineBytes === undefined) deepStrictEqual(read, plainEvents(Buffer.from(input)));
    deepStrictEqual(await readAll(answer(cut(input, pick))), await readAll(answer(uncut(input))));
  },
};

function answer(body: AsyncIterable<Uint8Array>): AsyncIterable<readonly unknown[]> {
  let ids = 0;
  const { chatModel } = createOpenAICompatible({
    baseURL: "http://upstream/v1",
    generateId: () => `call_${ids++}`,
    transport: async () => ({ status: 200, headers: { "content-type": "text/event-stream" }, body }),
  });
  const request = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] } as const;
  if (chatModel === undefined) throw new Error("It has chat models.");
  return asLists(chatModel("m").stream(request));
}

async function* asLists(batches: AsyncIterable<Iterable<unknown>>): AsyncGenerator<readonly unknown[]> {
  for await (const batch of batches) yield [...batch];
}

/** WHATWG HTML §9.2.6 in the plainest words there are. */
function plainEvents(bytes: Buffer): Read {
  const items: ServerSentEvent[] = [];
  let [event, id, data]: [string, string | undefined, string[]] = ["", undefined, []];
  for (const [index, bytesOfLine] of terminatedLines(bytes).entries()) {
    if (!isUtf8(bytesOfLine)) return { items, failure: "upstream_protocol_error" };
    const line = bytesOfLine.toString("utf8").slice(index === 0 && startsWithBom(bytes) ? 1 : 0);
    const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (line === "") {
      if (data.length > 0) items.push({ event: event || undefined, data: data.join("\n"), id });
      [event, data] = ["", []];
    } else if (name === "data") data.push(value);
    else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
  }
  return { items, failure: undefined };
}

function terminatedLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 10 && bytes[at] !== 13) continue;
    lines.push(bytes.subarray(start, at));
    if (bytes[at] === 13 && bytes[at + 1] === 10) at++;
    start = at + 1;
  }
  return lines;
}

function startsWithBom(bytes: Buffer): boolean {
  return bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf));
}
