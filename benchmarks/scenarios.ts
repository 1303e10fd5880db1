import type { Ask, Message } from "./ask.ts";
import { cancellation } from "./measures/cancellation.ts";
import { firstToken } from "./measures/first-token.ts";
import type { Measure } from "./measures/measure.ts";
import { memory } from "./measures/memory.ts";
import { pace } from "./measures/pace.ts";
import { throughput } from "./measures/throughput.ts";

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly ask: Ask;
  readonly measure: Measure;
  /** What is taken off each figure before they are compared: the time that the upstream takes. */
  readonly less?: "direct" | undefined;
  /** Asked of ourselves, beside or instead of the others. */
  readonly also?: { readonly name: string; readonly ask: Ask } | undefined;
  readonly targets: readonly Target[];
}

/** Of the ratio us ÷ other; without another, of our own figure. */
export interface Target {
  readonly against?: string | undefined;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
  readonly goal: number;
}

const streamed = (model: string): Ask => ({ kind: "chat", model, stream: true });
const whole = (prompt?: readonly Message[]): Ask => ({ kind: "chat", model: "burst-20", stream: false, prompt });

/** What an agent sends: prose and code, quotes and line ends, in turns of 5 kB. */
const PIECE = 'The function `toText()` returns "nothing" when\n\tthe list is empty – see <docs/api.md> & line 12.\n';
const conversation = (kilobytes: number): readonly Message[] =>
  Array.from({ length: kilobytes / 5 + 1 }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    text: PIECE.repeat(Math.floor(5000 / PIECE.length)),
  }));
const PNG = Buffer.from("89504e470d0a1a0a0000000d4948445200000400000004000802000000", "hex");
const image = (megabytes: number): Message => ({
  role: "user",
  text: "What is this?",
  image: Buffer.concat([PNG, Buffer.alloc((megabytes * 3_000_000) / 4, "llama")]).toString("base64"),
});

/** The rows of the table, in its order. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "burst",
    title: "64 streams of 500 tokens, all there at once",
    ask: streamed("burst-500"),
    measure: throughput({ connections: 64, tokens: 500 }),
    targets: [
      { against: "floor", atLeast: 1.2, goal: 1.5 },
      { against: "portkey", atLeast: 10, goal: 13 },
      { against: "litellm", atLeast: 350, goal: 450 },
    ],
  },
  {
    name: "line",
    title: "64 streams of 500 tokens, one a write",
    ask: streamed("line-500"),
    measure: throughput({ connections: 64, tokens: 500 }),
    targets: [
      { against: "floor", atLeast: 0.95, goal: 1.05 },
      { against: "portkey", atLeast: 2.8, goal: 3.2 },
    ],
  },
  {
    name: "pace",
    title: "64 streams at 100 tokens/s each, CPU",
    ask: streamed("paced-200"),
    measure: pace({ streams: 64, tokens: 200 }),
    targets: [{ against: "floor", atMost: 1.3, goal: 1.15 }],
  },
  {
    name: "whole-32",
    title: "whole answers of 20 tokens, 32 at a time",
    ask: whole(),
    measure: throughput({ connections: 32 }),
    targets: [
      { against: "floor", atLeast: 0.45, goal: 0.6 },
      { against: "portkey", atLeast: 7, goal: 9 },
    ],
  },
  {
    name: "whole-1",
    title: "whole answers of 20 tokens, one at a time",
    ask: whole(),
    measure: throughput({ connections: 1 }),
    targets: [
      { against: "portkey", atLeast: 3, goal: 4 },
      { against: "litellm", atLeast: 30, goal: 40 },
    ],
  },
  {
    name: "prompt-100k",
    title: "whole answers to a prompt of 100 kB, 32 at a time",
    ask: whole(conversation(100)),
    measure: throughput({ connections: 32 }),
    targets: [
      { against: "floor", atLeast: 0.45, goal: 0.8 },
      { against: "portkey", atLeast: 5, goal: 5 },
    ],
  },
  {
    name: "prompt-10m",
    title: "whole answers to a prompt of 10 MB, 2 at a time",
    ask: whole(conversation(10_000)),
    measure: throughput({ connections: 2 }),
    targets: [],
  },
  {
    name: "image-10m",
    title: "whole answers to an image of 10 MB, 2 at a time",
    ask: whole([image(10)]),
    measure: throughput({ connections: 2 }),
    targets: [],
  },
  {
    name: "first-token-1",
    title: "time to the first token, added, one client",
    ask: streamed("line-20"),
    measure: firstToken({ clients: 1, times: 200 }),
    less: "direct",
    targets: [{ against: "floor", atMost: 1.35, goal: 1.15 }],
  },
  {
    name: "first-token-64",
    title: "time to the first token, added, 64 clients at model pace",
    ask: streamed("paced-20"),
    measure: firstToken({ clients: 64, times: 3 }),
    less: "direct",
    targets: [],
  },
  {
    name: "memory",
    title: "1,000 streams at 5 tokens/s, memory",
    ask: streamed("slow"),
    measure: memory({ streams: 1000 }),
    targets: [{ atMost: 60, goal: 45 }],
  },
  {
    name: "calls-burst",
    title: "tool calls under a grammar beside plain text, all there at once",
    ask: { ...streamed("calls-burst"), tool: true },
    measure: throughput({ connections: 64, tokens: 500 }),
    also: { name: "plain text", ask: streamed("burst-500") },
    targets: [{ against: "plain text", atLeast: 0.5, goal: 0.7 }],
  },
  {
    name: "calls-line",
    title: "tool calls under a grammar beside plain text, one a write",
    ask: { ...streamed("calls-line"), tool: true },
    measure: throughput({ connections: 64, tokens: 500 }),
    also: { name: "plain text", ask: streamed("line-500") },
    targets: [{ against: "plain text", atLeast: 0.5, goal: 0.7 }],
  },
  {
    name: "cancel",
    title: "1,000 clients leave at once",
    ask: streamed("slow"),
    measure: cancellation({ streams: 1000, withinMs: 300 }),
    targets: [{ atLeast: 100, goal: 100 }],
  },
  {
    name: "embeddings",
    title: "256 embeddings of 768 numbers, base64, 4 at a time",
    ask: { kind: "embeddings", model: "embed", stream: false },
    measure: throughput({ connections: 4 }),
    targets: [],
  },
];
