import type { CommittedStream } from "@llamaduct/core";
import { expect, it } from "vitest";
import { createAnswerStream } from "./answer-stream.ts";

it("P7: a part that JSON cannot carry ends the stream with an error event", async () => {
  let left = 0;
  const chunks = () => ({ encode: (batch: unknown) => [JSON.stringify({ batch, count: 7n })] });
  const events = () => ({ encode: () => new TextEncoder().encode(chunks().encode({})[0]), done: new Uint8Array() });
  const stream = async function* () {
    try {
      yield [{ type: "text-delta", text: "a" }];
    } finally {
      left++;
    }
  } as () => unknown as () => CommittedStream;
  let text = "";
  for await (const bytes of createAnswerStream([stream()], { chunks, events }).toEvents())
    text += new TextDecoder().decode(bytes);
  expect(text).toMatch(/^data: \{"error":\{[^\n]+"code":"provider_error"\}\}\n\n$/);
  const read = async () => {
    for await (const _ of createAnswerStream([stream()], { chunks, events }));
  };
  await expect(read()).rejects.toMatchObject({ code: "provider_error", cause: expect.any(TypeError) });
  expect(left).toBe(2);
});
