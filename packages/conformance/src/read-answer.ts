import type { AssistantContent, Batch, FinishPart, StartPart, Stream, StreamPart } from "@llamaduct/core";

/** What came of a stream: its parts, and what was thrown after them. */
export interface Outcome {
  readonly parts: readonly StreamPart[];
  /** `undefined` when it ended by itself. */
  readonly error: unknown;
  /** The clause that the order of the parts breaks, and a sentence on it. */
  readonly breach: { readonly clause: string; readonly sentence: string } | undefined;
}

/** Reads a stream as it is, without anything that would check or mend it. */
export async function readAnswer(stream: Stream): Promise<Outcome> {
  const parts: StreamPart[] = [];
  const breaches: Outcome["breach"][] = [];
  let error: unknown;
  try {
    for await (const batch of stream) {
      breaches.push(breachOfBatch(batch));
      parts.push(...batch);
    }
  } catch (thrown) {
    error = thrown ?? new Error("The stream threw nothing.");
  }
  const breach = breaches.find((found) => found !== undefined) ?? breachOfSequence(parts, error === undefined);
  return { parts, error, breach };
}

function breachOfBatch(batch: Batch): Outcome["breach"] {
  const parts = [...batch];
  if (batch.length === 0) return broken("stream.batches", "A batch is empty.");
  if (batch.length !== parts.length || [...batch].length !== parts.length)
    return broken("stream.batches", "A batch does not give the same parts when it is iterated again.");
  return undefined;
}

function breachOfSequence(parts: readonly StreamPart[], isOver: boolean): Outcome["breach"] {
  const open = new Map<string, boolean>();
  for (const [index, part] of parts.entries()) {
    if ((part.type === "start") !== (index === 0))
      return broken("stream.start-first", `Part ${index + 1} is "${part.type}"; "start" comes first and once.`);
    switch (part.type) {
      case "text-delta":
      case "reasoning-delta":
        if (part.text === "") return broken("stream.no-empty-delta", `A "${part.type}" is empty.`);
        break;
      case "tool-call-start":
        if (part.id === "" || part.name === "") return broken("stream.tool-calls", "A tool call lacks its id or name.");
        if (open.has(part.id)) return broken("stream.tool-calls", `Two tool calls have the id "${part.id}".`);
        open.set(part.id, false);
        break;
      case "tool-call-delta":
        if (!open.has(part.id))
          return broken("stream.tool-calls", `Arguments came for "${part.id}", which no call has.`);
        open.set(part.id, true);
        break;
      case "finish":
        if (index !== parts.length - 1) return broken("stream.finish-once", '"finish" is not the last part.');
        break;
      default:
        break; // Parts of a later spec.
    }
  }
  if (isOver && parts.at(-1)?.type !== "finish")
    return broken("stream.finish-once", "The stream ended without a finish part, and without throwing.");
  const [bare] = [...open].find(([, hasArguments]) => !hasArguments) ?? [];
  if (isOver && bare !== undefined) return broken("stream.tool-calls", `The tool call "${bare}" got no arguments.`);
  return undefined;
}

function broken(clause: string, sentence: string): Outcome["breach"] {
  return { clause, sentence };
}

export function startOf({ parts }: Outcome): StartPart | undefined {
  return parts.find((part) => part.type === "start");
}

export function finishOf({ parts }: Outcome): FinishPart | undefined {
  return parts.find((part) => part.type === "finish");
}

/** The text of an answer, as far as it came. */
export function textOf({ parts }: Outcome): string {
  return parts.flatMap((part) => (part.type === "text-delta" ? [part.text] : [])).join("");
}

/** Neighbouring deltas of one kind joined; of tool calls what the caller may rely on: the name, and what the arguments mean. */
export function contentOf({ parts }: Outcome): readonly unknown[] {
  const content: { type: string; id?: string; name?: string; text: string }[] = [];
  for (const part of parts) {
    const type = part.type === "text-delta" ? "text" : part.type === "reasoning-delta" ? "reasoning" : undefined;
    const last = content.at(-1);
    if (type !== undefined && "text" in part) {
      if (last?.type === type) last.text += part.text;
      else content.push({ type, text: part.text });
    } else if (part.type === "tool-call-start") {
      content.push({ type: "tool-call", id: part.id, name: part.name, text: "" });
    } else if (part.type === "tool-call-delta") {
      const call = content.find(({ id }) => id === part.id);
      if (call !== undefined) call.text += part.argumentsDelta;
    }
  }
  return content.map(({ type, name, text }) =>
    type === "tool-call" ? { type, name, arguments: parsed(text) } : { type, text },
  );
}

/** What `contentOf` gives for an answer that arrived whole. */
export function expectedContent(deltas: readonly AssistantContent[]): readonly unknown[] {
  const parts = deltas.flatMap((delta, index): StreamPart[] => {
    if (delta.type !== "tool-call") return delta.text === "" ? [] : [{ type: `${delta.type}-delta`, text: delta.text }];
    const id = String(index);
    return [
      { type: "tool-call-start", id, name: delta.name },
      { type: "tool-call-delta", id, argumentsDelta: delta.arguments },
    ];
  });
  return contentOf({ parts, error: undefined, breach: undefined });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `not JSON: ${text}`;
  }
}

/** Fails with whatever breaks the sequence, or made an error. */
export function checkSound({ breach, error }: Outcome, clause: string): void {
  if (breach !== undefined) throw new Error(`${breach.sentence} (${breach.clause}, seen by ${clause})`);
  if (error !== undefined) throw new Error("The answer ended with an error.", { cause: error });
}
