import { describe, expect, it } from "vitest";
import { guard } from "./guard.ts";
import { ProviderError } from "./provider-error.ts";
import type { Batch, FinishPart, StreamPart } from "./spec.ts";

const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
const finish: FinishPart = { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } };
const text = (value: string): StreamPart => ({ type: "text-delta", text: value });

async function* play(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

async function read(batches: readonly Batch[]): Promise<readonly StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const batch of guard(play(batches), { provider: "p", modelId: "m", layer: "The adapter" }))
    parts.push(...batch);
  return parts;
}

describe("guard", () => {
  it("passes a whole sequence on untouched", async () => {
    expect(
      await read([
        [start, text("a")],
        [text("b"), finish],
      ]),
    ).toEqual([start, text("a"), text("b"), finish]);
  });

  it.each<[string, readonly Batch[]]>([
    ["ended without a finish part", [[start]]],
    ["yielded an empty batch", [[]]],
    ['yielded "text-delta" before start', [[text("a")]]],
    ["yielded start twice", [[start, start]]],
    ['yielded an empty "text-delta"', [[start, text("")]]],
    ['yielded "text-delta" after finish in one batch', [[start, finish, text("a")]]],
    [
      'continued tool call "x", which was never started',
      [[start, { type: "tool-call-delta", id: "x", argumentsDelta: "" }]],
    ],
  ])("names a broken sequence: %s", async (sentence, batches) => {
    await expect(read(batches)).rejects.toThrow(`The adapter of p/m ${sentence}.`);
    await expect(read(batches)).rejects.toBeInstanceOf(ProviderError);
  });

  it("rejects a pending read with the signal's own reason, whatever the adapter does", async () => {
    const controller = new AbortController();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const iterator = guard(never, { provider: "p", modelId: "m", layer: "The adapter", signal: controller.signal })[
      Symbol.asyncIterator
    ]();
    const pending = iterator.next();
    const reason = new Error("the client left");
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });
});
