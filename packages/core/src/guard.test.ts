import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { finish, parts, play, playThenHang, playThenThrow, start, text, unread } from "../test/streams.ts";
import { EncodedText } from "./encoded-text.ts";
import { type GuardOptions, guard } from "./guard.ts";
import { ProviderError } from "./provider-error.ts";
import type { Batch, Stream, StreamPart } from "./spec.ts";

const options: GuardOptions = { provider: "p", modelId: "m", layer: "The adapter" };
const call: StreamPart = { type: "tool-call-start", id: "x", name: "f" };
const callArguments: StreamPart = { type: "tool-call-delta", id: "x", argumentsDelta: "{}" };

describe("the sequence", () => {
  it("passes a whole one on untouched, batches and all", async () => {
    const batches: Batch[] = [[start, text("a")], unread("b", "c"), [call, callArguments], [finish]];
    const seen: Batch[] = [];
    for await (const batch of guard(play(batches), options)) seen.push(batch);
    expect(seen).toHaveLength(4);
    for (const [index, batch] of seen.entries()) expect(batch).toBe(batches[index]);
  });

  it.each<[string, readonly Batch[]]>([
    ["ended without a finish part (stream.finish-once)", [[start]]],
    ["ended without a finish part (stream.finish-once)", []],
    ["yielded an empty batch (stream.batches)", [[]]],
    ['yielded "text-delta" before start (stream.start-first)', [[text("a")]]],
    ['yielded "text-delta" before start (stream.start-first)', [new EncodedText(["a"])]],
    ["yielded an empty batch (stream.batches)", [[start], new EncodedText([])]],
    ['yielded an empty "text-delta" (stream.no-empty-delta)', [[start], new EncodedText(["a", ""])]],
    ['yielded "finish" before start (stream.start-first)', [[finish]]],
    ['yielded "start" twice (stream.start-first)', [[start, start]]],
    ['yielded an empty "text-delta" (stream.no-empty-delta)', [[start, text("")]]],
    ['yielded an empty "text-delta" (stream.no-empty-delta)', [[start, text(7n as never)]]],
    ['yielded an empty "reasoning-delta" (stream.no-empty-delta)', [[start, { type: "reasoning-delta", text: "" }]]],
    ['yielded "text-delta" after finish in one batch (stream.finish-once)', [[start, finish, text("a")]]],
    ['yielded "finish" after finish in one batch (stream.finish-once)', [[start, finish, finish]]],
    ['started tool call "x" without an id of its own (stream.tool-calls)', [[start, call, callArguments, call]]],
    [
      'started tool call "" without an id of its own (stream.tool-calls)',
      [[start, { type: "tool-call-start", id: "", name: "f" }]],
    ],
    ['continued tool call "x" before its start (stream.tool-calls)', [[start, callArguments]]],
    ['finished with tool call "x" without arguments (stream.tool-calls)', [[start, call, finish]]],
  ])("is named where it breaks: %s", async (sentence, batches) => {
    const error = await parts(guard(play(batches), options)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code: "provider_error", message: `The adapter of p/m ${sentence}.` });
  });

  it("yields what precedes a failure, then the failure with its place filled in", async () => {
    const error = new ProviderError({ code: "upstream_error", message: "It failed." });
    const iterator = guard(playThenThrow([[start, text("a")]], error), options)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual([start, text("a")]);
    await expect(iterator.next()).rejects.toBe(error);
    expect(error).toMatchObject({ provider: "p", modelId: "m" });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("turns what is no ProviderError into one that names the adapter and keeps the cause", async () => {
    const cause = new TypeError("oops");
    const error = await parts(guard(playThenThrow([[start]], cause), options)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "provider_error", cause });
    expect((error as Error).message).toContain("p/m threw something that is not a ProviderError");
  });

  it("is over for the reader at finish; later batches are read off", async () => {
    const { promise: isReadOff, resolve } = Promise.withResolvers<void>();
    async function* late(): AsyncGenerator<Batch> {
      yield [start, finish];
      yield [text("b"), text("c")];
      yield [finish];
      resolve();
    }
    expect(await parts(guard(late(), options))).toEqual([start, finish]);
    await isReadOff;
  });
});

describe("an abort", () => {
  it("ends a pending read within 50 ms with the signal's own reason, whatever the adapter does", async () => {
    const controller = new AbortController();
    const reason = new Error("the client left");
    let returned = false;
    const source = playThenHang([[start]], () => {
      returned = true;
    });
    const iterator = guard(source, { ...options, signal: controller.signal })[Symbol.asyncIterator]();
    await iterator.next();
    const pending = iterator.next();
    const abortedAt = performance.now();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(50);
    expect(returned).toBe(true);
  });

  it("between two reads ends the next one with its reason: half an answer must not look whole", async () => {
    const controller = new AbortController();
    const reason = new Error("the client left");
    const source = play([[start, text("a")], [finish]]);
    const iterator = guard(source, { ...options, signal: controller.signal })[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort(reason);
    await expect(iterator.next()).rejects.toBe(reason);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("after the finish changes nothing", async () => {
    const controller = new AbortController();
    const source = play([[start, finish]]);
    const iterator = guard(source, { ...options, signal: controller.signal })[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort(new Error("too late"));
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("that came before the first read means the source is never opened", async () => {
    const reason = new Error("gone already");
    let opened = false;
    const source: Stream = {
      [Symbol.asyncIterator]() {
        opened = true;
        return play([[start, finish]]);
      },
    };
    await expect(parts(guard(source, { ...options, signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(opened).toBe(false);
  });

  it("wins over the error an adapter throws because of it", async () => {
    const controller = new AbortController();
    const reason = new Error("the client left");
    const source: Stream = {
      [Symbol.asyncIterator]: () => ({
        next() {
          controller.abort(reason);
          return Promise.reject(new DOMException("Aborted", "AbortError"));
        },
      }),
    };
    await expect(parts(guard(source, { ...options, signal: controller.signal }))).rejects.toBe(reason);
  });

  it("leaves no listener behind: not when unread, not after the end, not after leaving", async () => {
    const { signal } = new AbortController();
    const open = (source: Stream) => guard(source, { ...options, signal })[Symbol.asyncIterator]();
    open(play([[start, finish]]));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await parts(guard(play([[start, finish]]), { ...options, signal }));
    const left = open(playThenHang([[start]]));
    await left.next();
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await left.return?.();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("a guard of a guarded stream", () => {
  function nested(source: Stream, inner: AbortSignal, outer: AbortSignal) {
    return guard(guard(source, { ...options, signal: inner }), { ...options, signal: outer })[Symbol.asyncIterator]();
  }

  it("with the same signal is the one below", async () => {
    const { signal } = new AbortController();
    let checks = 0;
    const counted: Batch = {
      get length() {
        checks++;
        return 1;
      },
      [Symbol.iterator]: () => [text("a")].values(),
    };
    const iterator = nested(play([[start], counted, [text("")], [finish]]), signal, signal);
    await iterator.next();
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    expect(checks).toBe(0);
    await iterator.next();
    expect(checks).toBe(1);
    await expect(iterator.next()).rejects.toMatchObject({ message: expect.stringContaining("stream.no-empty-delta") });
  });

  it.each(["the same signal", "another signal"])("with %s ends a pending read with its reason", async (which) => {
    const [inner, outer] = [new AbortController(), new AbortController()];
    const controller = which === "the same signal" ? inner : outer;
    let returned = false;
    const source = playThenHang([[start]], () => {
      returned = true;
    });
    const iterator = nested(source, inner.signal, controller.signal);
    await iterator.next();
    const pending = iterator.next();
    const reason = new Error("the client left");
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(returned).toBe(true);
  });

  it("is left with it", async () => {
    const { signal } = new AbortController();
    let returned = false;
    const source = playThenHang([[start]], () => {
      returned = true;
    });
    const iterator = nested(source, signal, signal);
    await iterator.next();
    await iterator.return?.();
    expect(returned).toBe(true);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("a reader that leaves", () => {
  it("is not held up by a source that does not answer, and the source is told", async () => {
    let returned = false;
    const source = playThenHang([[start]], () => {
      returned = true;
    });
    for await (const _ of guard(source, options)) break;
    expect(returned).toBe(true);
  });
});
