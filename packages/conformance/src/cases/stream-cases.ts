import type { Act } from "../act.ts";
import { check, checkEqual, checkError, within } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { checkSound, contentOf, expectedContent, type Outcome, readAnswer, startOf, textOf } from "../read-answer.ts";
import { sameAtEveryCut } from "../same-at-every-cut.ts";
import { onStage, whole } from "../stage.ts";
import type { Answer, Target } from "../target.ts";
import { HELLO, type StreamWork, streaming } from "../work.ts";

const INTERNATIONAL: Answer = {
  deltas: ['Grüße, "世界"', " \\ 🦙\n", "é́ fin"].map((text) => ({ type: "text", text })),
  finish: "stop",
  usage: { inputTokens: 3, outputTokens: 4 },
};

/** The sequence of parts, and what bytes on the wire may do to it. */
export function streamCases(target: Target, work: StreamWork): readonly CaseDefinition[] {
  const { kind, wire } = work;
  const play = (options?: Parameters<typeof streaming>[2]) => streaming(target, wire, options);
  const expected = expectedContent(HELLO.deltas);

  return [
    {
      id: "stream.start-first",
      kind,
      title: "start comes first, once, and names the model",
      run: () =>
        onStage(target, work, async ({ provider }) => {
          const outcome = await readAnswer(work.open(provider));
          checkSound(outcome, "stream.start-first");
          checkEqual(startOf(outcome)?.modelId, target.modelId, "The model that start names");
        }),
    },
    {
      id: "stream.start-after-acceptance",
      kind,
      title: "nothing is yielded before the upstream has accepted",
      run: () =>
        onStage(target, { play: () => whole(target.upstream.error(500, "no")) }, async ({ provider }) => {
          const { parts, error } = await readAnswer(work.open(provider));
          check(error !== undefined, "An upstream that answers 500 made no error.");
          checkEqual(parts, [], "What was yielded although the upstream answered 500");
        }),
    },
    {
      id: "stream.finish-once",
      kind,
      title: "finish comes once, last, whatever the upstream says after its end",
      run: () =>
        onStage(
          target,
          { play: play({ change: (events) => ({ pieces: [...events, ...events] }) }) },
          async ({ provider }) => {
            const outcome = await readAnswer(work.open(provider));
            if (outcome.error !== undefined) throw outcome.error;
            checkSound(outcome, "stream.finish-once");
            checkEqual(contentOf(outcome), expected, "The answer");
          },
        ),
    },
    {
      id: "stream.batches",
      kind,
      title: "batches are never empty and can be iterated again",
      run: () =>
        onStage(target, work, async ({ provider }) =>
          checkSound(await readAnswer(work.open(provider)), "stream.batches"),
        ),
    },
    {
      id: "stream.no-empty-delta",
      kind,
      title: "an empty piece of text is not passed on",
      async run() {
        const deltas = ["", "a", "", "b", ""].map((text) => ({ type: "text" as const, text }));
        await onStage(target, { play: play({ answer: { deltas, finish: "stop" } }) }, async ({ provider }) => {
          const outcome = await readAnswer(work.open(provider));
          if (outcome.error !== undefined) throw outcome.error;
          checkSound(outcome, "stream.no-empty-delta");
          checkEqual(textOf(outcome), "ab", "The text");
        });
        await onStage(target, { play: play({ answer: { deltas: [], finish: "stop" } }) }, async ({ provider }) => {
          const outcome = await readAnswer(work.open(provider));
          checkSound(outcome, "stream.no-empty-delta");
          checkEqual(textOf(outcome), "", "The text of an empty answer");
        });
      },
    },
    {
      id: "stream.incremental",
      kind,
      title: "text is yielded when it arrives, not when the answer is over",
      async run() {
        const { promise: until, resolve: goOn } = Promise.withResolvers<void>();
        const change = (events: readonly string[]) => ({ pause: { at: Math.floor(events.length / 2), until } });
        await onStage(target, { play: play({ change }) }, async ({ provider }) => {
          const iterator = work.open(provider)[Symbol.asyncIterator]();
          const seen: string[] = [];
          while (!seen.includes("text-delta")) {
            const sentence = "The upstream has sent half of the answer and waits; no text was yielded within 2 s.";
            const { value } = await within(2000, iterator.next(), sentence);
            check(value !== undefined, "The stream ended before the upstream did.");
            for (const part of value) seen.push(part.type);
          }
          check(!seen.includes("finish"), "finish came before the upstream had ended.");
          goOn();
          for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
            for (const part of next.value) seen.push(part.type);
          checkEqual(seen.at(-1), "finish", "The last part");
        });
      },
    },
    {
      id: "stream.boundaries",
      kind,
      title: "an answer is the same wherever the network cuts it, between any two bytes",
      run: () =>
        sameAtEveryCut(target, {
          wire,
          answer: INTERNATIONAL,
          open: (provider) => work.open(provider),
          clause: "stream.boundaries",
        }),
    },
    {
      id: "stream.truncated",
      kind,
      title: "an answer that ends early is an error, after what came of it",
      async run() {
        let kept = Number.POSITIVE_INFINITY;
        let ends: readonly number[] = [];
        const change = (events: readonly string[]) => {
          ends = events.map((_, count) => bytesOf(events.slice(0, count)).length);
          return { pieces: [bytesOf(events).subarray(0, kept)] };
        };
        await onStage(target, { play: play({ change }), inMemory: true }, async ({ provider }) => {
          await readAnswer(work.open(provider));
          const halves = ends.slice(0, Math.floor(ends.length / 2) + 1);
          const last = halves.at(-1) ?? 0;
          for (kept = 0; kept < last; kept += kept < 64 ? 1 : 7)
            checkCut(await readAnswer(work.open(provider)), `after ${kept} bytes`);
          for (kept of halves.slice(1)) {
            const outcome = await readAnswer(work.open(provider));
            checkCut(outcome, `after ${kept} bytes, between two events`);
            checkError(outcome.error, "upstream_stream_interrupted", "for an answer that ends between two events");
          }
          const outcome = await readAnswer(work.open(provider));
          check(textOf(outcome) !== "", "The text before an early end was not yielded.");
        });
      },
    },
    {
      id: "stream.connection-lost",
      kind,
      title: "a connection that breaks is an error, after what came before",
      run: () =>
        onStage(target, { play: play({ change: half("break") }) }, async ({ provider }) => {
          const outcome = await readAnswer(work.open(provider));
          checkError(outcome.error, "upstream_stream_interrupted", "for a connection that broke inside an answer");
          check(textOf(outcome) !== "", "The text before the connection broke was not yielded.");
        }),
    },
    {
      id: "stream.malformed",
      kind,
      title: "an event that is not the protocol is an error, after what came before; it is never skipped",
      async run() {
        for (const together of [false, true]) {
          const change = (events: readonly string[]) => {
            const middle = Math.floor(events.length / 2);
            const all = [...events.slice(0, middle), wire.malformed, ...events.slice(middle)];
            return { pieces: together ? [all.join("")] : all };
          };
          await onStage(target, { play: play({ change }), inMemory: true }, async ({ provider }) => {
            const outcome = await readAnswer(work.open(provider));
            checkError(outcome.error, "upstream_protocol_error", "for an event that is not the protocol");
            check(textOf(outcome) !== "", "The text before an event that is not the protocol was not yielded.");
          });
        }
      },
    },
    {
      id: "stream.failure-event",
      kind,
      title: "an upstream that says that it failed is an error, after what came before",
      async run() {
        const { failure } = wire;
        check(
          failure !== undefined,
          "The target's upstream has no `failure`: give it, or skip this case with a reason.",
        );
        const change = (events: readonly string[]) => ({
          pieces: [...events.slice(0, Math.floor(events.length / 2)), failure("it went wrong")],
        });
        await onStage(target, { play: play({ change }) }, async ({ provider }) => {
          const outcome = await readAnswer(work.open(provider));
          checkError(outcome.error, "upstream_error", "for an upstream that says in its answer that it failed");
          check(textOf(outcome) !== "", "The text before the failure was not yielded.");
        });
      },
    },
    {
      id: "stream.unknown-event",
      kind,
      title: "what a later version of the upstream may add does not disturb",
      async run() {
        const { unknown } = wire;
        check(
          unknown !== undefined,
          "The target's upstream has no `unknown`: give it, or skip this case with a reason.",
        );
        const change = (events: readonly string[]) => ({ pieces: events.flatMap((event) => [unknown, event]) });
        await onStage(target, { play: play({ change }) }, async ({ provider }) => {
          const outcome = await readAnswer(work.open(provider));
          if (outcome.error !== undefined) throw outcome.error;
          checkEqual(contentOf(outcome), expected, "The answer");
        });
      },
    },
    {
      id: "stream.independent",
      kind,
      title: "two answers at a time do not mix",
      run: () =>
        onStage(target, work, async ({ provider }) => {
          const outcomes = await Promise.all([work.open(provider), work.open(provider)].map(readAnswer));
          for (const outcome of outcomes) {
            checkSound(outcome, "stream.independent");
            checkEqual(contentOf(outcome), expected, "The answer");
          }
        }),
    },
  ];
}

/** The first half of the events, and then nothing, or the connection's end. */
export function half(then: "hang" | "break"): (events: readonly string[]) => Partial<Act> {
  return (events: readonly string[]) => ({ pieces: events.slice(0, Math.floor(events.length / 2)), then });
}

function checkCut({ parts, error }: Outcome, where: string): void {
  check(!parts.some(({ type }) => type === "finish"), `An answer that ends ${where} was given a finish part.`);
  checkError(error, ["upstream_stream_interrupted", "upstream_protocol_error"], `for an answer that ends ${where}`);
}

function bytesOf(events: readonly string[]): Uint8Array {
  return new TextEncoder().encode(events.join(""));
}
