import type { FinishReason } from "@llamaduct/core";
import { checkEqual } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { checkSound, finishOf, readAnswer } from "../read-answer.ts";
import { sameAtEveryCut } from "../same-at-every-cut.ts";
import { onStage } from "../stage.ts";
import type { Answer, Target } from "../target.ts";
import { type StreamWork, streaming } from "../work.ts";

/** What an answer says besides its text. */
export function answerCases(target: Target, work: StreamWork): readonly CaseDefinition[] {
  const { kind, wire } = work;
  const text = [{ type: "text", text: "fine" }] as const;

  async function finishFor(answer: Answer, check: (finish: ReturnType<typeof finishOf>) => void): Promise<void> {
    await onStage(target, { play: streaming(target, wire, { answer }) }, async ({ provider }) => {
      const outcome = await readAnswer(work.open(provider));
      checkSound(outcome, "finish");
      check(finishOf(outcome));
    });
  }

  return [
    ...(["stop", "length"] as const).map(
      (reason): CaseDefinition => ({
        id: `finish.${reason}`,
        kind,
        title: `an answer that ends with ${reason} says so`,
        run: () =>
          finishFor({ deltas: text, finish: reason }, (finish) =>
            checkEqual(finish?.reason, reason satisfies FinishReason, "The finish reason"),
          ),
      }),
    ),
    {
      id: "finish.usage",
      kind,
      title: "usage is what the upstream counted, zeros included",
      async run() {
        for (const usage of [
          { inputTokens: 1234, outputTokens: 56 },
          { inputTokens: 7, outputTokens: 0 },
        ]) {
          const deltas = usage.outputTokens === 0 ? [] : text;
          await finishFor({ deltas, finish: "stop", usage }, (finish) => {
            const { inputTokens, outputTokens } = finish?.usage ?? {};
            checkEqual({ inputTokens, outputTokens }, usage, "The usage");
          });
        }
      },
    },
    {
      id: "finish.unknown-usage",
      kind,
      title: "what the upstream did not count is undefined, not zero",
      run: () =>
        finishFor({ deltas: text, finish: "stop" }, (finish) => {
          checkEqual(finish?.usage.inputTokens, undefined, "usage.inputTokens");
          checkEqual(finish?.usage.outputTokens, undefined, "usage.outputTokens");
        }),
    },
    {
      id: "reasoning.deltas",
      kind,
      title: "reasoning is yielded as reasoning, in its place",
      async run() {
        const deltas = [
          { type: "reasoning", text: "Let me " },
          { type: "reasoning", text: "think." },
          { type: "text", text: "Done" },
          { type: "text", text: "." },
        ] as const;
        const answer: Answer = { deltas, finish: "stop", usage: { inputTokens: 1, outputTokens: 2 } };
        await sameAtEveryCut(target, {
          wire,
          answer,
          open: (provider) => work.open(provider),
          clause: "reasoning.deltas",
        });
      },
    },
  ];
}
