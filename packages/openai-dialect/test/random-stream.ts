import type { Batch, StreamPart } from "@llamaduct/core";

type Pick = (below: number) => number;

const TEXTS = [
  "a",
  " ",
  '"',
  '""',
  "\\",
  "\n\n",
  "data: [DONE]",
  "\r",
  "\u0000",
  "\u2028",
  "ü💧",
  "\ud83d",
  "\udca7",
  "__proto__",
  "</think>",
];

/** A legal stream with everything in it, in any order. */
export function randomParts(pick: Pick): readonly StreamPart[] {
  const parts: StreamPart[] = [{ type: "start", modelId: "m", warnings: [] }];
  const ids: string[] = [];
  const text = () => TEXTS[pick(TEXTS.length)] ?? "a";
  for (let left = pick(12); left > 0; left -= 1) {
    const id = ids[pick(ids.length)];
    const kind = pick(7);
    if (kind === 0) parts.push({ type: "reasoning-delta", text: text() });
    else if (kind === 1) {
      ids.push(`call_${ids.length}`);
      parts.push({ type: "tool-call-start", id: `call_${ids.length - 1}`, name: text() });
    } else if (kind === 2 && id !== undefined) parts.push({ type: "tool-call-delta", id, argumentsDelta: text() });
    else if (kind === 3)
      parts.push({ type: "logprobs", tokens: [{ token: text(), logprob: -1, bytes: [1, 2], top: [] }] });
    else if (kind === 4) parts.push({ type: "warning", warning: { setting: "seed", message: text() } });
    else parts.push({ type: "text-delta", text: text() });
  }
  const reason = (["stop", "length", "tool-calls"] as const)[pick(3)] ?? "stop";
  parts.push({ type: "finish", reason, usage: { inputTokens: pick(9), outputTokens: undefined } });
  return parts;
}

export function randomSplit(parts: readonly StreamPart[], pick: Pick): readonly Batch[] {
  const batches: StreamPart[][] = [];
  for (const part of parts) {
    const last = batches.at(-1);
    if (last === undefined || pick(2) === 0) batches.push([part]);
    else last.push(part);
  }
  return batches;
}

export interface ChoiceBatch {
  readonly index: number;
  readonly batch: Batch;
}

/** The batches of several streams, those of each in order. */
export function randomMerge(streams: readonly (readonly Batch[])[], pick: Pick): readonly ChoiceBatch[] {
  const queues = streams.map((batches, index) => batches.map((batch) => ({ index, batch })));
  const merged: ChoiceBatch[] = [];
  for (let open = queues; open.length > 0; open = open.filter((queue) => queue.length > 0)) {
    const next = open[pick(open.length)]?.shift();
    if (next !== undefined) merged.push(next);
  }
  return merged;
}
