import type { Batch, Stream, StreamPart } from "@llamaduct/core";

/** Lets the first `max` calls through, and says once that there were more. Batches that lose nothing stay as they are. */
export async function* limitCalls(source: Stream, max: number): AsyncGenerator<Batch> {
  const kept = new Set<string>();
  const dropped = new Set<string>();

  function* limit(part: StreamPart): Generator<StreamPart> {
    if (part.type === "tool-call-start" && kept.size === max) {
      dropped.add(part.id);
      if (dropped.size === 1) yield warning(max);
    } else if (part.type === "tool-call-start") {
      kept.add(part.id);
      yield part;
    } else if (part.type === "finish" && part.reason === "tool-calls" && kept.size === 0) {
      yield { ...part, reason: "stop" };
    } else if (part.type !== "tool-call-delta" || kept.has(part.id)) {
      yield part;
    }
  }

  for await (const batch of source) {
    const parts = Array.from(batch);
    const limited = parts.flatMap((part) => [...limit(part)]);
    const isSame = limited.length === parts.length && limited.every((part, index) => part === parts[index]);
    if (limited.length > 0) yield isSame ? batch : limited;
  }
}

function warning(max: number): StreamPart {
  const message =
    max === 0
      ? "The model called a tool all the same. The call is left out."
      : "The model made more calls. Only the first is passed on.";
  return { type: "warning", warning: { setting: max === 0 ? "toolChoice" : "parallelToolCalls", message } };
}
