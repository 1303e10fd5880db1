import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { finish, model, parts, play, playThenHang, start, text } from "../test/streams.ts";
import { deadlines } from "./deadlines.ts";
import { guard } from "./guard.ts";
import { ProviderError } from "./provider-error.ts";
import type { Stream } from "./spec.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

const request = { messages: [] };
const limits = { firstPartMs: 1000, idleMs: 100, totalMs: 5000 };

function open(source: (signal: AbortSignal | undefined) => Stream, signal?: AbortSignal) {
  const timed = deadlines(limits)(model((_, options) => source(options?.signal)));
  return timed.stream(request, { signal })[Symbol.asyncIterator]();
}

describe("deadlines", () => {
  it.each([
    ["upstream_first_byte_timeout", 1000, 0],
    ["upstream_idle_timeout", 100, 1],
  ] as const)("%s ends the read and aborts the upstream", async (code, limitMs, reads) => {
    let upstream: AbortSignal | undefined;
    const iterator = open((signal) => {
      upstream = signal;
      return playThenHang(reads === 0 ? [] : [[start, text("a")]]);
    });
    if (reads === 1) await iterator.next();
    const outcome = iterator.next().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(limitMs - 1);
    expect(upstream?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(await outcome).toMatchObject({ code });
    expect(await outcome).toBeInstanceOf(ProviderError);
    expect(upstream?.aborted).toBe(true);
  });

  it("counts the whole answer, however lively it is", async () => {
    const iterator = open(async function* () {
      yield [start];
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        yield [text("a")];
      }
    } as () => Stream);
    const read = (async () => {
      for (;;) await iterator.next();
    })().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5100);
    expect(await read).toMatchObject({ code: "upstream_total_timeout" });
  });

  it("does not blame the upstream for a slow reader", async () => {
    const iterator = open(() => play([[start], [text("a")], [finish]]));
    await iterator.next();
    await vi.advanceTimersByTimeAsync(1000);
    expect((await iterator.next()).value).toEqual([text("a")]);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await iterator.next()).value).toEqual([finish]);
  });

  it("hands the caller's own reason on", async () => {
    const controller = new AbortController();
    const reason = new Error("left");
    const iterator = open(() => playThenHang([]), controller.signal);
    const outcome = iterator.next().catch((error: unknown) => error);
    controller.abort(reason);
    expect(await outcome).toBe(reason);
  });

  it.each(["an abort", "leaving"])(
    "M1: %s reaches an upstream that hangs, through the layers around it",
    async (way) => {
      const controller = new AbortController();
      let upstream: AbortSignal | undefined;
      const timed = deadlines(limits)(
        model((_, options) => {
          upstream = options?.signal;
          return playThenHang([[start, text("a")]]);
        }),
      );
      const layer = { provider: "p", modelId: "m", layer: "Above", signal: controller.signal };
      const iterator = guard(timed.stream(request, { signal: controller.signal }), layer)[Symbol.asyncIterator]();
      await iterator.next();
      const pending = iterator.next().catch((error: unknown) => error);
      const reason = new Error("left");
      if (way === "an abort") controller.abort(reason);
      else await iterator.return?.();
      if (way === "an abort") expect(await pending).toBe(reason);
      expect(upstream?.aborted).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("leaves no timer and no listener behind", async () => {
    const { signal } = new AbortController();
    const timed = deadlines(limits)(model(() => play([[start], [finish]])));
    await parts(timed.stream(request, { signal }));
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
