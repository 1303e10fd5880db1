import { describe, expect, it } from "vitest";
import { finish, model, parts, play, playThenHang, playThenThrow, start, text, unread } from "../test/streams.ts";
import { type CallEnd, observe } from "./observe.ts";
import { ProviderError } from "./provider-error.ts";
import type { Stream } from "./spec.ts";

function observed(source: () => Stream, signal?: AbortSignal) {
  const ends: CallEnd[] = [];
  const layer = observe<{ messages: [] }>({ onEnd: (end) => ends.push(end) });
  const stream = layer({ ...model(source), stream: source }).stream({ messages: [] }, { signal });
  return { ends, stream };
}

describe("observe", () => {
  it("finished: with the finish part and the time to the first answer", async () => {
    const { ends, stream } = observed(() => play([[start], [text("a")], [finish]]));
    await parts(stream);
    expect(ends).toMatchObject([{ provider: "p", modelId: "m", outcome: "finished", finish, error: undefined }]);
    expect(ends[0]?.firstPartMs).toBeGreaterThanOrEqual(0);
    expect(ends[0]?.totalMs).toBeGreaterThanOrEqual(ends[0]?.firstPartMs ?? Number.POSITIVE_INFINITY);
  });

  it("counts encoded text as an answer, which it leaves as it is", async () => {
    const encoded = unread("a");
    const { ends, stream } = observed(() => playThenThrow([[start], encoded], new Error("cut")));
    const seen: unknown[] = [];
    await expect(
      (async () => {
        for await (const batch of stream) seen.push(batch);
      })(),
    ).rejects.toThrow("cut");
    expect(seen[1]).toBe(encoded);
    expect(ends[0]?.firstPartMs).toBeGreaterThanOrEqual(0);
  });

  it("failed: with the error, and no first part when there was none", async () => {
    const error = new ProviderError({ code: "upstream_error", message: "No." });
    const { ends, stream } = observed(() => playThenThrow([[start]], error));
    await expect(parts(stream)).rejects.toBe(error);
    expect(ends).toMatchObject([{ outcome: "failed", error, firstPartMs: undefined }]);
  });

  it("aborted: when the error is the signal's reason", async () => {
    const controller = new AbortController();
    const { ends, stream } = observed(() => {
      const reason = new Error("left");
      controller.abort(reason);
      return playThenThrow([], reason);
    }, controller.signal);
    await expect(parts(stream)).rejects.toThrow("left");
    expect(ends).toMatchObject([{ outcome: "aborted" }]);
  });

  it("abandoned: when the reader leaves; finished when it had seen the finish", async () => {
    const { ends, stream } = observed(() => play([[start], [text("a")], [finish]]));
    for await (const _ of stream) break;
    expect(ends).toMatchObject([{ outcome: "abandoned" }]);
    const whole = observed(() => play([[start, finish]]));
    for await (const _ of whole.stream) break;
    expect(whole.ends).toMatchObject([{ outcome: "finished" }]);
  });

  it("passes batches on untouched and survives an observer that throws", async () => {
    const batch = [start, finish];
    const layer = observe({
      onStart() {
        throw new Error("mine");
      },
      onEnd() {
        throw new Error("mine too");
      },
    });
    for await (const seen of layer(model(() => play([batch]))).stream({ messages: [] })) expect(seen).toBe(batch);
  });

  it("starts counting when read, once", async () => {
    let starts = 0;
    const layer = observe({ onStart: () => starts++ });
    const stream = layer(model(() => playThenHang([[start]]))).stream({ messages: [] });
    expect(starts).toBe(0);
    await stream[Symbol.asyncIterator]().next();
    expect(starts).toBe(1);
  });
});
