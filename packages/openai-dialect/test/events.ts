import { type Batch, EncodedText } from "@llamaduct/core";
import { expect } from "vitest";

/** The same parts, text as Go's encoder writes it; a batch that is more than text stays as it is. */
export function toEncoded(batch: Batch): Batch {
  const texts = [...batch].flatMap((part) => (part.type === "text-delta" && part.text !== "" ? [part.text] : []));
  if (texts.length !== batch.length) return batch;
  const toCode = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;
  const literals = texts.map((text) => JSON.stringify(text).slice(1, -1).replace(/[<>&]/g, toCode));
  return new EncodedText(literals.map((literal) => Buffer.from(literal).toString("latin1")));
}

/** What a client reads of events. */
export function dataOf(bytes: Uint8Array): readonly unknown[] {
  const events = toText(bytes).split("\n\n");
  expect(events.pop()).toBe("");
  return events.map((event) => JSON.parse(event.slice("data: ".length)));
}

export function toText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
