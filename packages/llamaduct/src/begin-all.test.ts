import { setImmediate } from "node:timers/promises";
import { type Batch, commit } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { type ControlledStream, controlledStream } from "../test/controlled-stream.ts";
import { beginAll, collectAll, merge } from "./begin-all.ts";

const [first, second] = [new Error("first"), new Error("second")];

function pair(): readonly [ControlledStream, ControlledStream] {
  return [controlledStream(), controlledStream()];
}

function textOf(batch: Batch | undefined): string {
  return (batch ?? []).map((part) => (part.type === "text-delta" ? part.text : part.type)).join("");
}

describe("beginAll", () => {
  const begin = (streams: readonly ControlledStream[]) =>
    beginAll(
      streams.map(({ stream }) => () => stream),
      {},
    );

  it("hands every stream the call, and keeps their places whoever begins first", async () => {
    const [a, b] = pair();
    const call = { signal: new AbortController().signal };
    const calls: object[] = [];
    const opens = [a, b].map(({ stream }) => (options: object) => {
      calls.push(options);
      return stream;
    });
    const begun = beginAll(opens, call);
    b.give("b");
    await setImmediate();
    a.give("a");
    const texts: string[] = [];
    for (const stream of await begun) texts.push(textOf((await stream[Symbol.asyncIterator]().next()).value));
    expect(texts).toEqual(["a", "b"]);
    expect(calls).toEqual([call, call]);
    expect(calls[0]).toBe(call);
  });

  it("a failure is everybody's: the others are left, once they have begun", async () => {
    const [a, b] = pair();
    const begun = begin([a, b]);
    const failed = expect(begun).rejects.toBe(second);
    b.fail(second);
    a.give("a");
    await failed;
    expect([a.left, b.left]).toEqual([true, false]);
  });

  it("of several failures the one of the first place counts", async () => {
    const [a, b] = pair();
    const failed = expect(begin([a, b])).rejects.toBe(first);
    b.fail(second);
    a.fail(first);
    await failed;
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
