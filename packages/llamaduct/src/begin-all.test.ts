import { setImmediate } from "node:timers/promises";
import { type Batch, type CallOptions, commit } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { type ControlledStream, controlledStream } from "../test/controlled-stream.ts";
import { beginAll, collectAll } from "./begin-all.ts";
import { merge } from "./begin-several.ts";

const [first, second] = [new Error("first"), new Error("second")];

function pair(): readonly [ControlledStream, ControlledStream] {
  return [controlledStream(), controlledStream()];
}

function textOf(batch: Batch | undefined): string {
  return Array.from(batch ?? [], (part) => (part.type === "text-delta" ? part.text : part.type)).join("");
}

describe("beginAll", () => {
  const begin = (streams: readonly ControlledStream[]) =>
    beginAll(
      streams.map(
        ({ stream }) =>
          () =>
            stream,
      ),
      {},
    );

  it("keeps their places whoever begins first", async () => {
    const [a, b] = pair();
    const begun = begin([a, b]);
    b.give("b");
    await setImmediate();
    a.give("a");
    const texts: string[] = [];
    for (const stream of await begun) texts.push(textOf((await stream[Symbol.asyncIterator]().next()).value));
    expect(texts).toEqual(["a", "b"]);
  });

  it("hands every stream the caller's abort, and one alone the very call", async () => {
    const stop = new AbortController();
    const call = { signal: stop.signal };
    const calls: CallOptions[] = [];
    const open = (options: CallOptions) => {
      calls.push(options);
      const source = controlledStream();
      source.give("a");
      return source.stream;
    };
    await beginAll([open], call);
    await beginAll([open, open], call);
    stop.abort("mine");
    expect(calls[0]).toBe(call);
    expect(calls.map(({ signal }) => signal?.reason)).toEqual(["mine", "mine", "mine"]);
  });

  it.each([true, false])("M2: the first failure is everybody's, and ends the others (begun: %s)", async (hasBegun) => {
    const [a, b] = pair();
    const signals: (AbortSignal | undefined)[] = [];
    const opens = [a, b].map(({ stream }) => ({ signal }: CallOptions) => {
      signals.push(signal);
      return stream;
    });
    const failed = expect(beginAll(opens, {})).rejects.toBe(second);
    if (hasBegun) a.give("a");
    await setImmediate();
    b.fail(second);
    await failed;
    expect([a.left, signals[0]?.aborted]).toEqual([true, true]);
  });
});

describe("merge", () => {
  const merged = async (streams: readonly ControlledStream[]) => {
    const committed = Promise.all(streams.map(({ stream }) => commit(stream)));
    for (const [index, stream] of streams.entries()) stream.give(`${index}`);
    return merge(await committed);
  };
  const next = async (all: ReturnType<typeof merge>) => {
    const { value } = await all.next();
    return value === undefined ? "end" : `${value.index}${textOf(value.batch)}`;
  };

  it("gives batches in the order in which they come, and ends with the last stream", async () => {
    const [a, b] = pair();
    const all = await merged([a, b]);
    expect([await next(all), await next(all)]).toEqual(["00", "11"]);
    for (const [stream, text] of [
      [b, "1x"],
      [b, "1y"],
      [a, "0x"],
    ] as const) {
      stream.give(text.slice(1));
      expect(await next(all)).toBe(text);
    }
    a.end();
    b.give("z");
    expect(await next(all)).toBe("1z");
    b.end();
    expect(await next(all)).toBe("end");
  });

  it("does not let one stream hold up another that has something", async () => {
    const [a, b] = pair();
    for (const text of "abc") a.give(text);
    for (const text of "xyz") b.give(text);
    const all = merge([await commit(a.stream), await commit(b.stream)]);
    const seen = [await next(all), await next(all), await next(all), await next(all)];
    expect(seen).toEqual(["0a", "1x", "0b", "1y"]);
  });

  it("a failure of one ends all, after what came before it", async () => {
    const [a, b] = pair();
    const all = await merged([a, b]);
    await next(all);
    await next(all);
    a.give("x");
    expect(await next(all)).toBe("0x");
    b.fail(second);
    await expect(next(all)).rejects.toBe(second);
    expect(a.left).toBe(true);
    a.fail(first); // Nobody is told of it; the test run would be if nobody had looked.
    await setImmediate();
  });

  it("a failure while the reader is busy waits for the reader", async () => {
    const [a, b] = pair();
    const all = await merged([a, b]);
    await next(all);
    await next(all);
    b.fail(second);
    await setImmediate(); // By now Node would have ended the process over a rejection that nobody handles.
    await expect(next(all)).rejects.toBe(second);
  });

  it("leaving it leaves every stream", async () => {
    const [a, b] = pair();
    const all = await merged([a, b]);
    for await (const _ of all) break;
    expect([a.left, b.left]).toEqual([true, true]);
  });
});

describe("collectAll", () => {
  it("M2: the first failure leaves the other streams", async () => {
    const [a, b] = pair();
    a.give("a");
    b.give("b");
    const collected = collectAll([await commit(a.stream), await commit(b.stream)]);
    const failed = expect(collected).rejects.toBe(second);
    b.fail(second);
    await failed;
    expect(a.left).toBe(true);
  });
});
