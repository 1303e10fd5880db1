import { describe, expect, it } from "vitest";
import { cut, everyCut, outcome, utf8 } from "../test/cuts.ts";
import { events, type ServerSentEvent } from "./events.ts";

const message = (data: string, rest: Partial<ServerSentEvent> = {}): ServerSentEvent => ({
  event: undefined,
  id: undefined,
  data,
  ...rest,
});

const streams: Record<string, [string, readonly ServerSentEvent[]]> = {
  "chat completion chunks": [
    'data: {"choices":[{"delta":{"content":"日本 👋"}}]}\n\ndata: [DONE]\n\n',
    [message('{"choices":[{"delta":{"content":"日本 👋"}}]}'), message("[DONE]")],
  ],
  "several data lines": ["data: a\ndata:  b\ndata:c\n\n", [message("a\n b\nc")]],
  "names and ids": [
    "event: add\nid: 1\ndata: x\n\ndata: y\n\nid\ndata: z\n\n",
    [message("x", { event: "add", id: "1" }), message("y", { id: "1" }), message("z", { id: "" })],
  ],
  "an id with NUL is ignored": ["id: a\0b\ndata: x\n\n", [message("x")]],
  "comments, retry and unknown fields": [": ping\n\n:\nretry: 10\nfoo: bar\ndata: x\n: more\n\n", [message("x")]],
  "no data, no event, and the name is forgotten": ["event: lost\n\ndata: x\n\n", [message("x")]],
  "empty data": ["data\n\ndata:\n\ndata\ndata\n\n", [message(""), message(""), message("\n")]],
  "field names are exact": ["Data: x\n data: y\ndata : z\n\n", []],
  "a colon in the value": ["data:a:b: c\n\n", [message("a:b: c")]],
  "an unended event is dropped": ["data: a\n\ndata: b\n", [message("a")]],
  "an unended line is dropped": ["data: a\n\ndata: b", [message("a")]],
  "a byte order mark": ["\uFEFFdata: a\n\n", [message("a")]],
  nothing: ["", []],
};

describe("events", () => {
  const endings = Object.entries({ "\\n": "\n", "\\r\\n": "\r\n", "\\r": "\r" });
  it.each(
    endings.flatMap(([shown, ending]) =>
      Object.entries(streams).map(([name, [text, expected]]) => ({ name, shown, ending, text, expected })),
    ),
  )("$name, at every cut, lines ending in $shown", async ({ ending, text, expected }) => {
    const input = utf8(text.replaceAll("\n", ending));
    for (const offsets of everyCut(input.length)) {
      expect(await outcome(events(cut(input, offsets))), `cut at ${offsets}`).toEqual({
        items: expected,
        error: undefined,
      });
    }
  });

  it("takes mixed endings", async () => {
    const input = utf8("data: a\r\n\ndata: b\r\rdata: c\n\r\ndata: d\r\n\r\n");
    for (const offsets of everyCut(input.length)) {
      const { items } = await outcome(events(cut(input, offsets)));
      expect(
        items.map(({ data }) => data),
        `cut at ${offsets}`,
      ).toEqual(["a", "b", "c", "d"]);
    }
  });

  it("gives an event as soon as its empty line is there, without waiting for the \\n of \\r\\n", async () => {
    const batches: unknown[] = [];
    for await (const batch of events(cut(utf8("data: a\r\n\r\ndata: b\r\n\r\n"), [10]))) {
      batches.push(batch.map(({ data }) => data));
    }
    expect(batches).toEqual([["a"], ["b"]]);
  });

  it.each([
    ["a line over the limit", "data: ok\n\ndata: 1234567890123456789\n\ndata: ok\n\n"],
    ["an unended line over the limit", "data: ok\n\ndata: 12345678901234567890"],
    ["an event over the limit", "data: ok\n\ndata: 12345678\ndata: 12345678\n\ndata: ok\n\n"],
  ])("fails at every cut: %s", async (_, text) => {
    const input = utf8(text);
    for (const offsets of everyCut(input.length)) {
      const { items, error } = await outcome(events(cut(input, offsets), { maxLineBytes: 16 }));
      expect(items, `cut at ${offsets}`).toEqual([message("ok")]);
      expect(error, `cut at ${offsets}`).toMatchObject({ name: "ProviderError", code: "upstream_response_too_large" });
    }
  });

  it("takes events of exactly the limit", async () => {
    const input = utf8("data:1234567\r\ndata:12345678\r\n\r\n".repeat(2));
    for (const offsets of everyCut(input.length)) {
      const { items, error } = await outcome(events(cut(input, offsets), { maxLineBytes: 16 }));
      expect(error).toBeUndefined();
      expect(items).toEqual([message("1234567\n12345678"), message("1234567\n12345678")]);
    }
  });

  it("fails on text that is not UTF-8, after the events before it", async () => {
    const input = Uint8Array.from([...utf8("data: a\n\ndata: "), 0xc3, ...utf8("\n\ndata: b\n\n")]);
    for (const offsets of everyCut(input.length)) {
      const { items, error } = await outcome(events(cut(input, offsets)));
      expect(items).toEqual([message("a")]);
      expect(error).toMatchObject({ code: "upstream_protocol_error" });
    }
  });

  it("leaves the body when the loop is left", async () => {
    const body = cut(utf8("data: a\n\ndata: b\n\n"), [9]);
    for await (const _ of events(body)) break;
    expect(body.left).toBe(true);
  });
});
