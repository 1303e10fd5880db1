import type { Batch, FinishPart, Stream, StreamPart, Timings, Usage, Warning } from "@llamaduct/core";

/** What is wrong with a whole text, as the end of a sentence that begins with "The answer"; `undefined`: nothing. */
export type Judge = (text: string, finish: FinishPart) => string | undefined;

export interface Alternative {
  readonly judge: Judge;
  /** What answers instead of a text that does not stand before the judge. */
  readonly again: (text: string, violation: string) => Stream;
}

/**
 * The first answer if it calls a tool or its text stands before the judge, else what `again` answers. Text is held until
 * that is known; reasoning before it is not. The two begin and end once, and the sum of their usage is told.
 */
export async function* orElse(first: Stream, { judge, again }: Alternative): AsyncGenerator<Batch> {
  const warnings: Warning[] = [];
  const held: StreamPart[] = [];
  let text = "";
  let stands = false;
  let rejected: Rejected | undefined;

  function read(part: StreamPart): readonly StreamPart[] {
    if (part.type === "start") warnings.push(...part.warnings);
    if (part.type === "warning") warnings.push(part.warning);
    if (part.type === "text-delta") text += part.text;
    if (part.type === "finish") {
      const violation = judge(text, part);
      if (violation !== undefined) {
        rejected = { finish: part, warnings, violation };
        return [];
      }
    }
    if (part.type === "finish" || part.type === "tool-call-start") {
      stands = true;
      return [...held.splice(0), part];
    }
    if (part.type === "text-delta" || (held.length > 0 && part.type !== "warning")) {
      held.push(part);
      return [];
    }
    return [part];
  }

  // A failure drops what is held: it is no answer yet, and with nothing delivered another deployment may still be asked.
  for await (const batch of first) {
    if (stands) {
      yield batch;
      continue;
    }
    const parts = [...batch].flatMap((part) => (stands ? [part] : read(part)));
    if (parts.length > 0) yield parts;
    if (rejected !== undefined) break;
  }
  if (rejected !== undefined) yield* continued(again(text, rejected.violation), rejected);
}

interface Rejected {
  readonly finish: FinishPart;
  readonly warnings: readonly Warning[];
  readonly violation: string;
}

/** A second answer as the rest of a first: no other start, and both costs in its finish. */
async function* continued(second: Stream, rejected: Rejected): AsyncGenerator<Batch> {
  const isNew = ({ setting, message }: Warning) =>
    !rejected.warnings.some((known) => known.setting === setting && known.message === message);

  function toRest(part: StreamPart): readonly StreamPart[] {
    if (part.type === "finish") return [addUp(rejected.finish, part)];
    if (part.type !== "start") return [part];
    return part.warnings.filter(isNew).map((warning) => ({ type: "warning", warning }));
  }

  for await (const batch of second) {
    const isEdge = [...batch].some(({ type }) => type === "start" || type === "finish");
    const parts = isEdge ? [...batch].flatMap(toRest) : batch;
    if (parts.length > 0) yield parts;
  }
}

function addUp(first: FinishPart, second: FinishPart): FinishPart {
  return {
    ...second,
    usage: addUsage(first.usage, second.usage),
    timings: first.timings && second.timings && addTimings(first.timings, second.timings),
  };
}

function addUsage(first: Usage, second: Usage): Usage {
  return {
    inputTokens: add(first.inputTokens, second.inputTokens),
    outputTokens: add(first.outputTokens, second.outputTokens),
    cachedInputTokens: add(first.cachedInputTokens, second.cachedInputTokens),
    reasoningTokens: add(first.reasoningTokens, second.reasoningTokens),
  };
}

function addTimings(first: Timings, second: Timings): Timings {
  return {
    loadMs: add(first.loadMs, second.loadMs),
    inputMs: add(first.inputMs, second.inputMs),
    outputMs: add(first.outputMs, second.outputMs),
  };
}

/** A sum of which a part is unknown is unknown. */
function add(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined || second === undefined ? undefined : first + second;
}
