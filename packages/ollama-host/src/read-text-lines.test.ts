import { EncodedText } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { CHAT_TEXT, parseChatEvent } from "./chat-wire.ts";
import { GENERATE_TEXT, parseGenerateEvent } from "./generate-wire.ts";
import { readTextLines } from "./read-text-lines.ts";

const HEAD = '{"model":"m:1b","created_at":"2026-11-22T10:00:00.1Z",';
const chat = (json: string) => `${HEAD}"message":{"role":"assistant","content":${json}},"done":false}`;
const generate = (json: string) => `${HEAD}"response":${json},"done":false}`;
const latin1 = (text: string) => Buffer.from(text).toString("latin1");

describe.each([
  ["chat", chat, CHAT_TEXT, parseChatEvent],
  ["generate", generate, GENERATE_TEXT, parseGenerateEvent],
])("text lines of %s", (_, line, expression, parse) => {
  it.each([
    ['" the"', "text"],
    ['"天💧\u2028"', "text beyond ASCII"],
    ['"\'{}[]:,]}\u007f"', "what looks like JSON"],
    ['"a\\n\\t\\"\\\\\\/b\\u003cbr\\u003e\\ud83d\\udca7"', "escapes"],
    ['"\\",\\"done\\":true"', "a quoted end"],
  ])("reads off what parsing gives: %s (%s)", (json) => {
    const block = latin1(`${line(json)}\n`);
    const { literals, end } = readTextLines(block, 0, expression);
    expect(end).toBe(block.length);
    const [part] = new EncodedText(literals);
    expect(part).toEqual({ type: "text-delta", text: parse(JSON.parse(line(json)))?.message?.content });
  });

  it("goes on to the first line that is another one, whatever ends the lines", () => {
    const texts = `${line('"a"')}\n${line('""')}\r\n${line('"b"')}\n`;
    const block = `${line('"z"')}\n${texts}{"done":true}\n${line('"c"')}\n`;
    const start = line('"z"').length + 1;
    const first = readTextLines(block, start, expression);
    expect(first).toEqual({ literals: ["a", "b"], end: start + texts.length });
    const second = readTextLines(block, first.end + '{"done":true}\n'.length, expression);
    expect(second).toEqual({ literals: ["c"], end: block.length });
  });

  it.each([
    ["a quote in the text", line('"a"b"')],
    ["a control character, which JSON does not allow", line('"a\tb"')],
    ["an escape that JSON does not have", line('"a\\xb"')],
    ["half an escape", line('"a\\"')],
    ["a short code", line('"\\u00"')],
    ["something before it", ` ${line('"a"')}`],
    ["something after it", `${line('"a"')} `],
    ["another type", line("1")],
    ["the last line", line('"a"').replace("false", "true")],
    ["an error beside it", line('"a"').replace('{"model"', '{"error":"x","model"')],
    ["one more field", line('"a"').replace(',"done"', ',"logprobs":[],"done"')],
    ["thinking", line('"a","thinking":"b"')],
    ["a control character in the model's name", line('"a"').replace("m:1b", "m\t1b")],
    ["a cut", line('"a"').slice(0, -1)],
  ])("leaves %s to the parser", (_, text) => {
    expect(readTextLines(`${text}\n`, 0, expression)).toEqual({ literals: [], end: 0 });
  });
});

it("takes the fields of a chat in one order only", () => {
  const other = chat('"a"').replace('"role":"assistant","content":"a"', '"content":"a","role":"assistant"');
  expect(readTextLines(`${other}\n`, 0, CHAT_TEXT).literals).toEqual([]);
});
