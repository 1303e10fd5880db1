import { type Batch, type DeadlineOptions, ProviderError, type Stream } from "../../packages/core/src/index.ts";
import type { Row } from "./client-rows.ts";
import type { Failure } from "./upstream-row.ts";

/** A provider of a third party that goes wrong: a row of P, or one case of it. */
export interface AdapterRow {
  readonly id: string;
  readonly fault: string;
  /** In place of a model's `stream`, or of the provider's `chatModel`. */
  readonly stream?: (() => Stream) | undefined;
  readonly chatModel?: (() => never) | undefined;
  readonly text?: string | undefined;
  readonly ends: Failure | "well";
  readonly deadlines?: DeadlineOptions | undefined;
}

const START = { type: "start", modelId: "x", warnings: [] } as const;
const FINISH = { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } } as const;
const text = (said: string) => ({ type: "text-delta", text: said }) as const;
const never: Promise<Batch> = new Promise(() => {});
const bug = "500 provider_error";

/** What the types forbid, as somebody without them could send it. */
function wrong(...batches: readonly unknown[]): () => Stream {
  return async function* () {
    // Unproven on purpose.
    yield* batches as Batch[];
  };
}

const cyclic: Record<string, unknown> = {};
cyclic["itself"] = cyclic;

function fail(): never {
  throw new Error("It broke, and so did sk-secret-key.");
}

export const ADAPTER_ROWS: readonly AdapterRow[] = [
  { id: "P1", fault: "throws when it is asked for a model", chatModel: () => fail(), ends: bug },
  { id: "P1", fault: "throws when it is asked for an answer", stream: () => fail(), ends: bug },
  {
    id: "P2",
    fault: "throws after three parts",
    async *stream() {
      yield [START, text("a")];
      yield [text("b")];
      fail();
    },
    text: "ab",
    ends: bug,
  },
  {
    id: "P5",
    fault: "never begins",
    async *stream() {
      yield await never;
    },
    deadlines: { firstPartMs: 300 },
    ends: "504 upstream_first_byte_timeout",
  },
  {
    id: "P5",
    fault: "never goes on",
    async *stream() {
      yield [START, text("a")];
      await never;
    },
    deadlines: { idleMs: 300 },
    text: "a",
    ends: "504 upstream_idle_timeout",
  },
  { id: "P7", fault: "yields undefined", stream: wrong([START, text("a")], undefined), text: "a", ends: bug },
  {
    id: "P7",
    fault: "yields parts of no kind",
    stream: wrong([START, text("a")], [{ type: "moon" }]),
    text: "a",
    ends: bug,
  },
  {
    id: "P7",
    fault: "yields a BigInt as text",
    stream: wrong([START, text("a")], [{ type: "text-delta", text: 7n }]),
    text: "a",
    ends: bug,
  },
  {
    id: "P7",
    fault: "yields an object that holds itself as text",
    stream: wrong([START, text("a")], [{ type: "text-delta", text: cyclic }]),
    text: "a",
    ends: bug,
  },
  { id: "P7", fault: "begins without a start", stream: wrong([text("a")]), ends: bug },
  {
    id: "P8",
    fault: "goes on after its finish",
    stream: wrong([START, text("a")], [FINISH], [text("b")]),
    text: "a",
    ends: "well",
  },
  { id: "P8", fault: "ends without a finish", stream: wrong([START, text("a")]), text: "a", ends: bug },
  {
    id: "P8",
    fault: "never ends after its finish",
    async *stream() {
      yield [START, text("a")];
      yield [FINISH];
      await never;
    },
    deadlines: { idleMs: 300 },
    text: "a",
    ends: "well",
  },
  {
    id: "P14",
    fault: "says a key in its error",
    async *stream() {
      yield [START];
      const cause = new Error("sk-secret-key was refused");
      throw new ProviderError({
        code: "upstream_error",
        message: "It failed.",
        upstreamMessage: "sk-secret-key",
        cause,
      });
    },
    ends: "502 upstream_error",
  },
];

export const ADAPTER_PLAYS = [
  { id: "P6", fault: "ignores the abort", outcome: "the slot is free at once, what comes later is dropped" },
  {
    id: "P10",
    fault: "changes the request that it was given",
    outcome: "the next deployment gets it as the client sent it",
  },
] as const satisfies readonly Row[];
