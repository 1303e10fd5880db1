import { expect, it } from "vitest";
import { seededRandom } from "../test/seeded-random.ts";
import { GrowingBytes } from "./growing-bytes.ts";

const TEXTS = ["", "a", "é", "天", "💧", "\u0000", "x".repeat(5000), "💧".repeat(3000)];

it("gives what was added, in pieces that later ones leave alone", () => {
  const pick = seededRandom(1);
  const bytes = new GrowingBytes();
  const pieces: Uint8Array[] = [];
  const expected: string[] = [];
  for (let round = 0; round < 500; round += 1) {
    const texts = Array.from({ length: pick(6) }, () => TEXTS[pick(TEXTS.length)] ?? "");
    for (const text of texts) {
      if (pick(2) === 0) bytes.addText(text);
      else bytes.add(Buffer.from(text));
    }
    pieces.push(bytes.take());
    expected.push(texts.join(""));
  }
  expect(pieces.map((piece) => Buffer.from(piece).toString())).toEqual(expected);
});

it("keeps little for a stream of short pieces", () => {
  const bytes = new GrowingBytes();
  const buffers = new Set<ArrayBufferLike>();
  for (let round = 0; round < 16; round += 1) {
    bytes.addText("x".repeat(200));
    buffers.add(bytes.take().buffer);
  }
  expect(buffers.size).toBe(1);
});
