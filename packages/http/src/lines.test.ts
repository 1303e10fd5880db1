import { describe, expect, it } from "vitest";
import { cut, everyCut, outcome, utf8 } from "../test/cuts.ts";
import { fromLatin1 } from "./latin1.ts";
import { lineBlocks } from "./line-blocks.ts";
import { type LineOptions, lines } from "./lines.ts";

/** Lines by way of blocks: what a reader that knows none of them makes of it. */
function throughBlocks(body: AsyncIterable<Uint8Array>, options?: LineOptions): AsyncIterable<readonly string[]> {
  const iterator = lineBlocks(body, options)[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        for (;;) {
          const result = await iterator.next();
          if (result.done === true) return result;
          const value = result.value.flatMap((block) =>
            "lines" in block
              ? block.lines
              : fromLatin1(block.latin1)
                  .split(/\r?\n/)
                  .filter((line) => line !== ""),
          );
          if (value.length > 0) return { done: false, value };
        }
      },
      async return() {
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...utf8(part)] : part)));

// From the recording `0.33.0/chat-unicode-stream`, byte for byte.
const recorded: readonly string[] = [
  '{"model":"unicode","created_at":"2026-11-23T02:48:27.824379344Z","message":{"role":"assistant","content":"日本語"},"done":false}',
  '{"model":"unicode","created_at":"2026-11-23T02:48:27.825752114Z","message":{"role":"assistant","content":"🦙"},"done":false}',
  '{"model":"unicode","created_at":"2026-11-23T02:48:27.826614267Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":10656733,"load_duration":6230639,"prompt_eval_count":23,"prompt_eval_duration":308000,"eval_count":8,"eval_duration":2314000}',
];

const whole: Record<string, [Uint8Array, readonly string[]]> = {
  "a recorded answer": [utf8(recorded.map((line) => `${line}\n`).join("")), recorded],
  "CJK and emoji": [utf8('{"a":"日本語"}\n"👨‍👩‍👧‍👦"\n"é"\n'), ['{"a":"日本語"}', '"👨‍👩‍👧‍👦"', '"é"']],
  "\\r\\n": [utf8("one\r\ntwo\r\nthree\r\n"), ["one", "two", "three"]],
  "\\n and \\r\\n mixed": [utf8("one\ntwo\r\nthree"), ["one", "two", "three"]],
  "a lone \\r is whitespace of JSON, not an ending": [utf8('{"a":\r1}\n\r2\n'), ['{"a":\r1}', "\r2"]],
  "no newline at the end": [utf8('{"a":1}\n{"b":"字"}'), ['{"a":1}', '{"b":"字"}']],
  "a \\r at the end": [utf8("one\ntwo\r"), ["one", "two"]],
  "empty lines": [utf8("\n\none\n\r\n\n\ntwo\n\n"), ["one", "two"]],
  "only newlines": [utf8("\n\r\n\n"), []],
  nothing: [utf8(""), []],
  "a byte order mark at the start": [utf8("\uFEFFone\ntwo\n"), ["one", "two"]],
  "a byte order mark on a later line": [utf8("one\n\uFEFFtwo\n"), ["one", "\uFEFFtwo"]],
  "NUL and line separators": [utf8("a\0b\n\u2028\u2029\u0085\n"), ["a\0b", "\u2028\u2029\u0085"]],
};

describe.each([
  ["lines", lines],
  ["lineBlocks", throughBlocks],
])("%s", (_, lines) => {
  it.each(Object.entries(whole))("gives the same lines at every cut: %s", async (_, [input, expected]) => {
    for (const offsets of everyCut(input.length)) {
      expect(await outcome(lines(cut(input, offsets))), `cut at ${offsets}`).toEqual({
        items: expected,
        error: undefined,
      });
    }
  });

  const broken: Record<string, [Uint8Array, readonly string[], string]> = {
    "a byte that is never UTF-8": [
      bytes("one\ntwo\nth", [0xff], "ree\nfour\n"),
      ["one", "two"],
      "upstream_protocol_error",
    ],
    "a character cut off by the newline": [bytes("one\n", [0xe6, 0x97], "\ntwo\n"), ["one"], "upstream_protocol_error"],
    "a character cut off by the end": [bytes("one\ntwo", [0xf0, 0x9f]), ["one"], "upstream_protocol_error"],
    "a surrogate half": [bytes("one\n", [0xed, 0xa0, 0x80], "\n"), ["one"], "upstream_protocol_error"],
    "a wrong line before one over the limit": [
      bytes("one\n", [0xff], "\n1234567890123456789"),
      ["one"],
      "upstream_protocol_error",
    ],
    "a line over the limit": [utf8("one\n12345678901234567\ntwo\n"), ["one"], "upstream_response_too_large"],
    "an unfinished line over the limit": [utf8("one\n1234567890123456789"), ["one"], "upstream_response_too_large"],
    "a last line over the limit": [utf8("one\n12345678901234567"), ["one"], "upstream_response_too_large"],
    "a line over the limit that is not UTF-8 either": [
      bytes("one\n", [0xff], "1234567890123456\n"),
      ["one"],
      "upstream_response_too_large",
    ],
  };

  it.each(Object.entries(broken))("fails at the same line at every cut: %s", async (_, [input, expected, code]) => {
    for (const offsets of everyCut(input.length)) {
      const { items, error } = await outcome(lines(cut(input, offsets), { maxLineBytes: 16 }));
      expect(items, `cut at ${offsets}`).toEqual(expected);
      expect(error, `cut at ${offsets}`).toMatchObject({ name: "ProviderError", code });
    }
  });

  it("closes the body when a line is wrong", async () => {
    const body = cut(bytes([0xff], "\nmore\n"), [2]);
    await outcome(lines(body));
    expect(body.left).toBe(true);
  });

  it.each(["1234567890123456\n", "1234567890123456\r\n", "1234567890123456", "ab\n1234567890123456\r\nab"])(
    "takes a line of exactly the limit: %j",
    async (text) => {
      for (const offsets of everyCut(text.length)) {
        const { items, error } = await outcome(lines(cut(utf8(text), offsets), { maxLineBytes: 16 }));
        expect(error).toBeUndefined();
        expect(items).toContain("1234567890123456");
      }
    },
  );

  it("passes a body's failure on after the whole lines, and drops the half one", async () => {
    const failure = new Error("cut");
    const input = utf8("one\ntwo\nhal");
    for (const offsets of everyCut(input.length)) {
      expect(await outcome(lines(cut(input, offsets, failure)))).toEqual({ items: ["one", "two"], error: failure });
    }
  });

  it("gives what arrived together as one batch", async () => {
    const batches: (readonly string[])[] = [];
    for await (const batch of lines(cut(utf8("a\nb\nc\nd\ne"), [4, 5]))) batches.push(batch);
    expect(batches).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  });

  it("stays linear when a megabyte arrives byte by byte", async () => {
    const size = 1_000_000;
    let sent = 0;
    const piece = Uint8Array.of(120);
    const drip: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => (sent++ < size ? { done: false, value: piece } : { done: true, value: undefined }),
      }),
    };
    const started = performance.now();
    const { items } = await outcome(lines(drip));
    expect(items[0]).toHaveLength(size);
    // About 0.3 s when linear; joining or searching all pieces for each new one takes minutes.
    expect(performance.now() - started).toBeLessThan(8000);
  });

  it.each<[string, (read: PromiseWithResolvers<IteratorResult<Uint8Array>>) => void]>([
    ["ends", (read) => read.resolve({ done: true, value: undefined })],
    ["fails", (read) => read.reject(new Error("left"))],
    ["still gives bytes", (read) => read.resolve({ done: false, value: utf8("late\n") })],
  ])("leaves the body at once, even while a read is pending: the body then %s", async (_, settle) => {
    let left = false;
    const silent: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => {
        const read = Promise.withResolvers<IteratorResult<Uint8Array>>();
        return {
          next: () => read.promise,
          return: () => {
            left = true;
            settle(read);
            return Promise.resolve({ done: true, value: undefined });
          },
        };
      },
    };
    const reader = lines(silent)[Symbol.asyncIterator]();
    const pending = reader.next();
    await reader.return?.();
    expect(left).toBe(true);
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it("leaves the body when the loop is left", async () => {
    const body = cut(utf8("a\nb\n"), [2]);
    for await (const batch of lines(body)) {
      expect(batch).toEqual(["a"]);
      break;
    }
    expect(body.left).toBe(true);
  });
});
