// What a line of an answer costs in the process itself: from bytes of the upstream to bytes for the client, through the
// adapter, its guard and the dialect, without any socket. node --conditions=@llamaduct/source micro.ts [--check]
// --check exits 1 when a plain line costs more than half of what parsing and writing it as JSON does.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Batch, ChatRequest } from "../packages/core/src/index.ts";
import type { Transport } from "../packages/http/src/index.ts";
import { createOllamaChat } from "../packages/ollama-chat/src/index.ts";
import { createEventEncoder } from "../packages/openai-dialect/src/index.ts";

const LINES = 500;
const ROUNDS = 9;
const ANSWERS = 200;
const AT_MOST = 0.5;

const request: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
const options = { id: "chatcmpl-1", created: 1_763_805_600, model: "m", includeUsage: true };
const message = (content: string) => ({ role: "assistant", content });
const plain = (content: string) => toLine({ message: message(content), done: false });

/** One field more than a plain line has: then it is the parser's. */
const parsed = (content: string) => toLine({ message: message(content), done: false, done_reason: "" });

const scenarios = [
  { name: "plain, ASCII: copied", body: toBody(plain, " token"), read: encode },
  { name: "plain, not Latin-1: copied", body: toBody(plain, "天空“é”"), read: encode },
  { name: "plain, iterated on the way", body: toBody(plain, " token"), read: iterate },
  { name: "a field more: parsed", body: toBody(parsed, " token"), read: encode },
  { name: "a field more, not Latin-1: parsed", body: toBody(parsed, "天空“é”"), read: encode },
];

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, best of ${ROUNDS} rounds`);
console.log(
  `nanoseconds of CPU a line, of answers of ${LINES} lines that arrive together, a request's own cost taken off\n`,
);
const tokens = toBody(plain, " token");
const json = await best(async () => parseAndWrite(tokens), LINES);
console.log(`${"JSON.parse and JSON.stringify of each".padEnd(38)}${json.toFixed(0).padStart(6)}`);
const empty = await best(answers(toBody(plain, " token", 0), encode), 1);
for (const { name, body, read } of scenarios) {
  const cost = (await best(answers(body, read), 1)) - empty;
  console.log(`${name.padEnd(38)}${(cost / LINES).toFixed(0).padStart(6)}`);
  if (values.check && name.startsWith("plain, ASCII") && cost / LINES > json * AT_MOST) process.exitCode = 1;
}
console.log(`${"an answer without a line".padEnd(38)}${empty.toFixed(0).padStart(6)}`);

/** The best round counts: what others on the machine do only ever adds. */
async function best(run: () => Promise<void>, of: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const began = process.cpuUsage();
    for (let time = 0; time < ANSWERS; time++) await run();
    const { user, system } = process.cpuUsage(began);
    least = Math.min(least, ((user + system) * 1000) / (ANSWERS * of));
  }
  return least;
}

type Read = (batches: AsyncIterable<Batch>) => Promise<number>;

function answers(body: Uint8Array, read: Read): () => Promise<void> {
  const transport: Transport = async () => ({ status: 200, headers: {}, body: once(body) });
  const model = createOllamaChat({ transport }).chatModel?.("m");
  if (model === undefined) throw new Error("The adapter has no chat models.");
  return async () => {
    if ((await read(model.stream(request))) === 0) throw new Error("Nothing came out.");
  };
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

async function encode(batches: AsyncIterable<Batch>): Promise<number> {
  const encoder = createEventEncoder(options);
  let bytes = 0;
  for await (const batch of batches) bytes += encoder.encode(batch).length;
  return bytes;
}

/** As a middleware does that looks at the text. */
async function iterate(batches: AsyncIterable<Batch>): Promise<number> {
  const encoder = createEventEncoder(options);
  let bytes = 0;
  for await (const batch of batches) bytes += encoder.encode([...batch]).length;
  return bytes;
}

function parseAndWrite(body: Uint8Array): void {
  for (const line of new TextDecoder().decode(body).split("\n")) {
    if (line === "") continue;
    const { model, message, done } = JSON.parse(line);
    const choice = { index: 0, delta: { content: message.content }, finish_reason: done ? "stop" : null };
    Buffer.from(`data: ${JSON.stringify({ ...options, model, choices: [choice] })}\n\n`);
  }
}

function toBody(line: (content: string) => string, content: string, lines = LINES): Uint8Array {
  const last = toLine({
    message: message(""),
    done: true,
    done_reason: "stop",
    prompt_eval_count: 1,
    eval_count: lines,
  });
  return Buffer.from(line(content).repeat(lines) + last);
}

function toLine(rest: object): string {
  return `${JSON.stringify({ model: "m", created_at: "2026-11-22T10:00:00.123456789Z", ...rest })}\n`;
}
