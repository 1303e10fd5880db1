import { describe, expect, it } from "vitest";
import { finish, model, parts, play, start, text } from "../test/streams.ts";
import { applyMiddleware } from "./middleware.ts";
import type { Middleware, Stream } from "./spec.ts";

const passing = (name: string, log: string[]): Middleware => {
  const layer: Middleware = (next) => ({
    ...next,
    async *stream(request, options) {
      log.push(`${name} in`);
      yield* next.stream(request, options);
      log.push(`${name} out`);
    },
  });
  return Object.defineProperty(layer, "name", { value: name });
};

describe("applyMiddleware", () => {
  it("puts the first outermost", async () => {
    const log: string[] = [];
    const wrapped = applyMiddleware(
      model(() => play([[start, finish]])),
      [passing("a", log), passing("b", log)],
    );
    await parts(wrapped.stream({ messages: [] }));
    expect(log.slice(0, 2)).toEqual(["a in", "b in"]);
  });

  it("catches a middleware that breaks the sequence, and names it", async () => {
    function swallowsFinish(next: ReturnType<typeof model>): ReturnType<typeof model> {
      return {
        ...next,
        async *stream(request, options) {
          for await (const batch of next.stream(request, options)) {
            const kept = Array.from(batch).filter((part) => part.type !== "finish");
            if (kept.length > 0) yield kept;
          }
        },
      };
    }
    const wrapped = applyMiddleware(
      model(() => play([[start, text("a"), finish]])),
      [swallowsFinish],
    );
    await expect(parts(wrapped.stream({ messages: [] }))).rejects.toMatchObject({
      code: "provider_error",
      message: 'Middleware "swallowsFinish" of p/m ended without a finish part (stream.finish-once).',
    });
  });

  it("catches one that throws before it yields anything", async () => {
    function throws(next: ReturnType<typeof model>): ReturnType<typeof model> {
      return {
        ...next,
        stream(): Stream {
          throw new TypeError("oops");
        },
      };
    }
    const wrapped = applyMiddleware(
      model(() => play([[start, finish]])),
      [throws],
    );
    await expect(parts(wrapped.stream({ messages: [] }))).rejects.toMatchObject({ code: "provider_error" });
  });

  it("ends within 50 ms of an abort under a middleware that ignores it", async () => {
    const controller = new AbortController();
    const deaf: Middleware = (next) => ({
      ...next,
      stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }),
    });
    const wrapped = applyMiddleware(
      model(() => play([[start, finish]])),
      [deaf],
    );
    const outcome = parts(wrapped.stream({ messages: [] }, { signal: controller.signal })).catch((e: unknown) => e);
    const reason = new Error("left");
    const abortedAt = performance.now();
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(50);
  });
});
