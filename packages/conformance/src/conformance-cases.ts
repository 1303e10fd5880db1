import { abortCases } from "./cases/abort-cases.ts";
import { answerCases } from "./cases/answer-cases.ts";
import { chatCases } from "./cases/chat-cases.ts";
import { embeddingCases } from "./cases/embedding-cases.ts";
import { errorCases } from "./cases/error-cases.ts";
import { listingCases } from "./cases/listing-cases.ts";
import { providerCases } from "./cases/provider-cases.ts";
import { requestCases } from "./cases/request-cases.ts";
import { streamCases } from "./cases/stream-cases.ts";
import { textCases } from "./cases/text-cases.ts";
import { toolCases } from "./cases/tool-cases.ts";
import type { Kind, Skip, Target } from "./target.ts";
import { streamWorksOf, worksOf } from "./work.ts";

/** One fact about one kind of work. */
export interface ConformanceCase {
  /** The clause of the specification that it is about, and its name in `skip`. */
  readonly id: string;
  readonly kind: Kind;
  /** For the test's name: kind, id and the fact in words. */
  readonly title: string;
  /** Rejects with a plain `Error` that says what is wrong. */
  readonly run: () => Promise<void>;
}

/**
 * The cases for a provider, each independent of the others. Throws when a skip names no case of it or gives no reason.
 * A skipped case is run all the same: it fails when it would pass.
 */
export function conformanceCases(target: Target): readonly ConformanceCase[] {
  const cases = [
    ...providerCases(target),
    ...worksOf(target).flatMap((work) => [
      ...requestCases(target, work),
      ...errorCases(target, work),
      ...abortCases(target, work),
    ]),
    ...streamWorksOf(target).flatMap((work) => [...streamCases(target, work), ...answerCases(target, work)]),
    ...chatCases(target),
    ...toolCases(target),
    ...textCases(target),
    ...embeddingCases(target),
    ...listingCases(target),
  ];
  const { skip = [] } = target;
  for (const { id, kind, reason } of skip) {
    if (reason.trim() === "") throw new Error(`The skip of "${id}" gives no reason.`);
    if (!cases.some((one) => isOf(one, { id, kind }))) throw new Error(`There is no case "${id}" to skip here.`);
  }
  return cases.map((definition) => {
    const one = { ...definition, run: blaming(target, definition) };
    const skipped = skip.find((entry) => isOf(one, entry));
    const title = `${one.kind}: ${one.id}: ${one.title}`;
    if (skipped === undefined) return { ...one, title };
    return { ...one, title: `${title} (skipped: ${skipped.reason})`, run: unlessItPasses(one, skipped) };
  });
}

/** What the functions under `cases/` give: a title without kind and id. */
export type CaseDefinition = ConformanceCase;

function isOf(one: CaseDefinition, { id, kind = one.kind }: Pick<Skip, "id" | "kind">): boolean {
  return one.id === id && one.kind === kind;
}

function blaming({ provider }: Target, { id, run }: CaseDefinition): () => Promise<void> {
  return async () => {
    try {
      await run();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`The provider ${provider.id} breaks ${id}: ${message}`, { cause });
    }
  };
}

function unlessItPasses({ id, run }: CaseDefinition, { reason }: Skip): () => Promise<void> {
  return async () => {
    try {
      await run();
    } catch {
      return; // As the skip says.
    }
    throw new Error(`${id} is skipped ("${reason}"), but it passes: remove the skip.`);
  };
}
