import { expect, it } from "vitest";
import { recording } from "./recordings.ts";
import { byteCuts, replayedAnswer } from "./replayed-answer.ts";

const plain = recording("0.33.0", "chat-plain-stream");

async function pieces(body: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const read: Uint8Array[] = [];
  for await (const piece of body) read.push(piece);
  return read;
}

it("gives the recorded bytes in pieces cut where it is told", async () => {
  const { status, headers, body } = replayedAnswer(plain, { cuts: [1, 10, 10] });
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/x-ndjson");
  const read = await pieces(body);
  expect(read.map(({ length }) => length).slice(0, 2)).toEqual([1, 9]);
  expect(Buffer.concat(read).toString()).toBe(plain.chunks.join(""));
});

it("throws what it is told where the connection broke", async () => {
  const cut = recording("0.33.0", "fault-server-stopped-mid-stream");
  const reason = new Error("mine");
  await expect(pieces(replayedAnswer(cut, { broken: () => reason }).body)).rejects.toBe(reason);
  await expect(pieces(replayedAnswer(cut).body)).rejects.toThrow("cut");
});

it("tries every boundary of a small body, and characters and line ends of a large one", () => {
  const small = recording("0.33.0", "chat-unicode-stream");
  const size = Buffer.byteLength(small.chunks.join(""));
  expect(byteCuts(small).length).toBe(size);
  expect(byteCuts(small).at(-1)?.length).toBe(size - 1);

  const large = recording("0.33.0", "chat-repetition");
  const text = Buffer.from(large.chunks.join(""));
  const [edges = []] = byteCuts(large);
  expect(edges.length).toBeGreaterThan(large.chunks.length);
  for (const edge of edges) expect([text[edge - 1], text[edge]]).toContain(0x0a);
  expect(byteCuts(large)).toEqual(byteCuts(large));
});
