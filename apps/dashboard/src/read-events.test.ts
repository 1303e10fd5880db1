import { describe, expect, it } from "vitest";
import { readEvents } from "./read-events.ts";

async function read(...pieces: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const encoder = new TextEncoder();
  const bytes = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
  const events: string[] = [];
  for await (const event of readEvents(bytes)) events.push(event);
  return events;
}

describe("readEvents", () => {
  const text = ': loading\n\ndata: {"a":"é🦙"}\n\ndata: one\r\ndata: two\r\n\r\ndata:[DONE]\n\n';
  const events = ['{"a":"é🦙"}', "one\ntwo", "[DONE]"];

  it("reads data of any number of lines, and leaves comments out", async () => {
    expect(await read(text)).toEqual(events);
  });

  it("does not mind where the bytes are cut", async () => {
    const bytes = new TextEncoder().encode(text);
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await read(bytes.slice(0, cut), bytes.slice(cut))).toEqual(events);
  });

  it("leaves out an event that did not end, and fields that it does not know", async () => {
    expect(await read("id: 1\nevent: x\ndata: whole\n\ndata: half\n")).toEqual(["whole"]);
  });

  it("lets go of the stream when its reader leaves", async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode("data: x\n\n")),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const _ of readEvents(endless)) break;
    expect(cancelled).toBe(true);
  });
});
