import { describe, expect, it } from "vitest";
import { parseChatEvent, recogniseText } from "./chat-wire.ts";

const line = (literal: string) =>
  `{"model":"m:1b","created_at":"2026-11-22T10:00:00.1Z","message":{"role":"assistant","content":${literal}},"done":false}`;

describe("recogniseText", () => {
  it.each(["", " the", "天💧\u2028", "'{}[]:,", "]}", "\u007f"])("reads off what parsing gives: %j", (text) => {
    const plain = line(`"${text}"`);
    expect(recogniseText(plain)).toEqual({ message: { content: text }, done: false });
    expect(parseChatEvent(JSON.parse(plain))).toMatchObject(recogniseText(plain) ?? {});
  });

  it.each([
    ["an escape", line('"a\\nb"')],
    ["an escaped quote", line('"a\\"b"')],
    ["a quote in the text", line('"a"b"')],
    ["a control character, which JSON does not allow", line('"a\tb"')],
    ["a line end in it", `${line('"a"')}\n`],
    ["something before it", ` ${line('"a"')}`],
    ["another type", line("1")],
    ["the last line", line('"a"').replace("false", "true")],
    ["thinking", line('"a","thinking":"b"')],
    ["another order", line('"a"').replace('"role":"assistant","content":"a"', '"content":"a","role":"assistant"')],
    ["an error beside it", line('"a"').replace('{"model"', '{"error":"x","model"')],
    ["one more field", line('"a"').replace(',"done"', ',"logprobs":[],"done"')],
    ["a cut", line('"a"').slice(0, -1)],
  ])("leaves %s to the parser", (_, text) => {
    expect(recogniseText(text)).toBeUndefined();
  });
});
