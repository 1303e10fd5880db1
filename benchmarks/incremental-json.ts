// node incremental-json.ts [--check]: what decoding a reply under a grammar costs, by its length, one character a piece.
// --check exits 1 when a megabyte costs more than twice as much a character as ten kilobytes.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Batch, ChatModel, ChatRequest } from "../packages/core/src/spec.ts";
import { jsonToolCalls } from "../packages/json-tool-calls/src/index.ts";

const LENGTHS = [10_000, 100_000, 1_000_000];
const ROUNDS = 7;
/** Read in each round, whatever the length of one reply. */
const CHARACTERS = 1_000_000;
const PROSE = String.raw`A dash \u2014, \"quotes\" and a llama \ud83e\udd99.\n`;

const withoutTools: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
const withTools: ChatRequest = {
  ...withoutTools,
  tools: [{ name: "note", parameters: { type: "object", properties: { text: { type: "string" } } } }],
};
const scenarios = [
  { name: "not read", request: withoutTools, before: "", after: "" },
  { name: "an answer", request: withTools, before: '{"answer":"', after: '"}' },
  { name: "a call", request: withTools, before: '{"tool_calls":[{"name":"note","arguments":{"text":"', after: '"}}]}' },
];

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, best of ${ROUNDS} rounds`);
console.log('nanoseconds of CPU a character, one character a piece; "not read" is the stream alone\n');
console.log(`reply      ${LENGTHS.map((length) => `${length / 1000} kB`.padStart(9)).join("")}   last : first`);
for (const { name, request, before, after } of scenarios) {
  const costs: number[] = [];
  for (const length of LENGTHS) costs.push(await cost(before + prose(length) + after, request));
  const ratio = (costs.at(-1) ?? 0) / (costs[0] ?? 0);
  const columns = costs.map((each) => each.toFixed(0).padStart(9)).join("");
  console.log(`${name.padEnd(11)}${columns}   ${ratio.toFixed(2).padStart(12)}`);
  if (values.check && ratio > 2) process.exitCode = 1;
}

/** Nanoseconds of CPU a character. The best round counts: what others on the machine do only ever adds. */
async function cost(reply: string, request: ChatRequest): Promise<number> {
  const pieces = Array.from(reply, (text): Batch => [{ type: "text-delta", text }]);
  const times = Math.round(CHARACTERS / reply.length);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const began = process.cpuUsage();
    for (let time = 0; time < times; time++) await read(pieces, request);
    const { user, system } = process.cpuUsage(began);
    best = Math.min(best, user + system);
  }
  return (best * 1000) / (times * reply.length);
}

async function read(pieces: readonly Batch[], request: ChatRequest): Promise<void> {
  let characters = 0;
  for await (const batch of jsonToolCalls()(playing(pieces)).stream(request))
    for (const part of batch) {
      if (part.type === "text-delta") characters += part.text.length;
      if (part.type === "tool-call-delta") characters += part.argumentsDelta.length;
      if (part.type === "warning") throw new Error(part.warning.message);
    }
  // Less than came in, since the escapes of an answer are decoded.
  if (characters < pieces.length / 2) throw new Error(`Only ${characters} of ${pieces.length} characters came out.`);
}

function playing(pieces: readonly Batch[]): ChatModel {
  const none = { tools: "none", reasoning: "none", images: "none", suffix: "none", embeddings: "none" } as const;
  return {
    provider: "bench",
    modelId: "m",
    capabilities: () => ({ ...none, jsonSchema: "native" }),
    async *stream() {
      yield [{ type: "start", modelId: "m", warnings: [] }];
      yield* pieces;
      yield [{ type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } }];
    },
  };
}

/** About so many characters, no escape cut. */
function prose(length: number): string {
  return PROSE.repeat(Math.round(length / PROSE.length));
}
