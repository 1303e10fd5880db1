import type { Provider, Stream } from "@llamaduct/core";
import { checkEqual } from "./check.ts";
import { checkSound, contentOf, expectedContent, finishOf, type Outcome, readAnswer } from "./read-answer.ts";
import { onStage } from "./stage.ts";
import type { Answer, AnswerUpstream, Target } from "./target.ts";
import { streaming } from "./work.ts";

export interface CutAnswer {
  readonly wire: AnswerUpstream;
  readonly answer: Answer;
  readonly open: (provider: Provider) => Stream;
  /** For failures: the clause that is at stake. */
  readonly clause: string;
}

/** Cuts are tried in an answer of any length. */
const MAX_CUTS = 800;
/** On a socket pieces may arrive together all the same. */
const MAX_CUTS_ON_SOCKET = 40;

/** Plays an answer event by event, in single bytes, and in two pieces with a cut between any two bytes. */
export async function sameAtEveryCut(target: Target, { wire, answer, open, clause }: CutAnswer): Promise<void> {
  let bytes: Uint8Array = new Uint8Array();
  const measure = (events: readonly string[]) => {
    bytes = new TextEncoder().encode(events.join(""));
    return {};
  };
  let reference: ReturnType<typeof meaning> | undefined;
  await onStage(
    target,
    { play: streaming(target, wire, { answer, change: measure }), inMemory: true },
    async (stage) => {
      const outcome = await readAnswer(open(stage.provider));
      checkSound(outcome, clause);
      checkEqual(contentOf(outcome), expectedContent(answer.deltas), "The answer, its events arriving one by one");
      reference = meaning(outcome);
    },
  );
  let cuts: readonly number[] = [];
  const change = () => ({ pieces: [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index])) });
  await onStage(target, { play: streaming(target, wire, { answer, change }), inMemory: true }, async (stage) => {
    for (cuts of everyCut(bytes.length, target.withFetch === undefined ? MAX_CUTS_ON_SOCKET : MAX_CUTS)) {
      const outcome = await readAnswer(open(stage.provider));
      const where = cuts.length > 1 ? "after every byte" : `after byte ${cuts[0]}`;
      if (outcome.error !== undefined)
        throw new Error(`The answer cut ${where} makes an error.`, { cause: outcome.error });
      checkSound(outcome, clause);
      checkEqual(meaning(outcome), reference, `The answer cut ${where}`);
    }
  });
}

function meaning(outcome: Outcome): object {
  return { content: contentOf(outcome), finish: finishOf(outcome) };
}

function everyCut(length: number, limit: number): readonly (readonly number[])[] {
  const all = Array.from({ length: length - 1 }, (_, index) => index + 1);
  const step = Math.ceil(length / limit);
  return [all, ...all.filter((at) => at % step === 0).map((at) => [at])];
}
