import type { Batch, StreamPart } from "./spec.ts";

const LITERALS = Symbol.for("@llamaduct/core.EncodedText");

interface Encoded {
  [LITERALS]?: readonly string[];
}

/**
 * A batch of text deltas as their upstream wrote them: each literal is the inside of a JSON string, with its escapes, and
 * its UTF-8 bytes seen as Latin-1, one character a byte. Whoever iterates it gets plain parts. A layer that changes
 * nothing hands the object on, and a dialect that writes JSON copies the literals: a token is then never decoded at all.
 */
export class EncodedText implements Batch {
  readonly length: number;

  /** Legal literals, none of them empty: that is for the adapter to have checked, since nobody after it does. */
  constructor(literals: readonly string[]) {
    this.length = literals.length;
    (this as Encoded)[LITERALS] = literals;
  }

  *[Symbol.iterator](): Iterator<StreamPart> {
    for (const literal of literalsOf(this) ?? []) yield { type: "text-delta", text: decode(literal) };
  }
}

/** The literals of a batch that is an `EncodedText`, from whichever copy of this package; `undefined` for any other. */
export function literalsOf(batch: Batch): readonly string[] | undefined {
  return (batch as Encoded)[LITERALS];
}

const NOT_ASCII = /[\x80-\xff]/;

/** What a literal, or several in a row, say. */
export function decode(literal: string): string {
  // With its quotes, for a decoder drops a byte order mark that comes first.
  const json = `"${literal}"`;
  // A JSON string is what it is by the constructor's contract.
  return JSON.parse(NOT_ASCII.test(json) ? new TextDecoder().decode(toBytes(json)) : json) as string;
}

function toBytes(latin1: string): Uint8Array {
  const bytes = new Uint8Array(latin1.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = latin1.charCodeAt(index);
  return bytes;
}
