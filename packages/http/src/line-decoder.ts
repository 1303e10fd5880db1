import { ProviderError } from "@llamaduct/core";
import { toLatin1 } from "./latin1.ts";
import type { LineBlock } from "./line-blocks.ts";

const LF = 10;
const CR = 13;
const BOM = "\uFEFF";
const LATIN1_BOM = "\xEF\xBB\xBF";
/** What is longer is no stream of tokens, and a reader's expressions should not have to run over it. */
const MAX_VIEW_BYTES = 128 * 1024;

export interface LineDecoderOptions {
  readonly maxLineBytes: number;
  /** `lf`: `\n` or `\r\n`. `any`: a lone `\r` as well, as Server-Sent Events have it. */
  readonly endings: "lf" | "any";
}

/**
 * UTF-8 bytes → whole lines, empty ones included; the same lines and the same failure however the bytes are cut.
 * After a `failure` no more may be pushed; the lines before it have been returned.
 */
export class LineDecoder {
  failure: ProviderError | undefined;
  readonly #maxLineBytes: number;
  readonly #any: boolean;
  readonly #ending: RegExp;
  /** Made when it is needed: most streams are text that is never decoded. */
  #utf8: InstanceType<typeof TextDecoder> | undefined;
  /** The line that has no end yet: the first `#heldBytes` of a buffer that doubles, so cost and memory stay linear. */
  #held: Uint8Array = new Uint8Array(0);
  #heldBytes = 0;
  #first = true;
  #afterCr = false;

  constructor({ maxLineBytes, endings }: LineDecoderOptions) {
    this.#maxLineBytes = maxLineBytes;
    this.#any = endings === "any";
    this.#ending = this.#any ? /\r\n?|\n/ : /\r?\n/;
  }

  /** The lines that `bytes` complete. */
  push(bytes: Uint8Array): string[] {
    return this.#push(bytes, (block) => this.#decode(block));
  }

  /** The last line, when the bytes are over without a line ending. */
  end(): string[] {
    return this.#end((block) => this.#decode(block));
  }

  /** As `push`, in one block or none. */
  pushBlock(bytes: Uint8Array): readonly LineBlock[] {
    return this.#push(bytes, (block) => this.#toBlocks(block));
  }

  /** As `end`, in one block or none. */
  endBlock(): readonly LineBlock[] {
    return this.#end((block) => this.#toBlocks(block));
  }

  #toBlocks(block: Uint8Array): LineBlock[] {
    const latin1 = block.length > Math.min(MAX_VIEW_BYTES, this.#maxLineBytes) ? undefined : toLatin1(block);
    if (latin1 === undefined) return [{ lines: this.#decode(block).filter((line) => line !== "") }];
    const hasBom = this.#first && latin1.startsWith(LATIN1_BOM);
    this.#first = false;
    return [{ latin1: hasBom ? latin1.slice(LATIN1_BOM.length) : latin1 }];
  }

  #push<Item>(bytes: Uint8Array, take: (block: Uint8Array) => Item[]): Item[] {
    if (bytes.length === 0) return [];
    // A line that ended in "\r" has been returned; the "\n" that belongs to it comes only now.
    const chunk = this.#afterCr && bytes[0] === LF ? bytes.subarray(1) : bytes;
    const end = this.#lastEnding(chunk) + 1;
    this.#afterCr = this.#any && bytes.at(-1) === CR;
    if (end === 0) {
      this.#hold(chunk);
      return [];
    }
    const head = chunk.subarray(0, end);
    const items = take(this.#heldBytes === 0 ? head : this.#release(head));
    if (this.failure === undefined && end < chunk.length) this.#hold(chunk.subarray(end));
    return items;
  }

  #end<Item>(take: (block: Uint8Array) => Item[]): Item[] {
    return this.#heldBytes === 0 ? [] : take(this.#release(Uint8Array.of(LF)));
  }

  #lastEnding(bytes: Uint8Array): number {
    const lf = bytes.lastIndexOf(LF);
    return this.#any ? Math.max(lf, bytes.lastIndexOf(CR)) : lf;
  }

  #hold(bytes: Uint8Array): void {
    this.#append(bytes);
    // One byte of grace: it may be the "\r" of the line's end, which does not count.
    if (this.#heldBytes > this.#maxLineBytes + 1) this.failure = this.#tooLong();
  }

  #append(bytes: Uint8Array): void {
    const size = this.#heldBytes + bytes.length;
    if (size > this.#held.length) {
      const larger = new Uint8Array(Math.max(size, this.#held.length * 2, 1024));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#heldBytes);
    this.#heldBytes = size;
  }

  /** What was held and `bytes` after it; valid until the next byte is held. */
  #release(bytes: Uint8Array): Uint8Array {
    this.#append(bytes);
    const whole = this.#held.subarray(0, this.#heldBytes);
    this.#heldBytes = 0;
    return whole;
  }

  /** One decode and one split for all lines of a block, which ends in a line ending: no character is cut. */
  #decode(block: Uint8Array): string[] {
    const text = block.length > this.#maxLineBytes ? undefined : this.#text(block);
    return text === undefined ? this.#decodeEach(block) : this.#split(text);
  }

  /** Something may be wrong with a line of this block: find it, and keep the ones before it. */
  #decodeEach(block: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let index = 0; index < block.length; index++) {
      if (!this.#isEnding(block, index)) continue;
      const line = block.subarray(start, index + 1);
      const text = lengthOf(line) > this.#maxLineBytes ? undefined : this.#text(line);
      if (text === undefined) {
        this.failure = lengthOf(line) > this.#maxLineBytes ? this.#tooLong() : notUtf8();
        return lines;
      }
      lines.push(...this.#split(text));
      start = index + 1;
    }
    return lines;
  }

  #isEnding(bytes: Uint8Array, index: number): boolean {
    if (bytes[index] === LF) return true;
    return this.#any && bytes[index] === CR && bytes[index + 1] !== LF;
  }

  #text(bytes: Uint8Array): string | undefined {
    // The byte order mark is ours to drop: a decoder would drop one at the start of every block.
    this.#utf8 ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    try {
      return this.#utf8.decode(bytes);
    } catch {
      return undefined;
    }
  }

  #split(text: string): string[] {
    const lines = text.split(text.includes("\r") ? this.#ending : "\n");
    lines.pop();
    if (this.#first) {
      this.#first = false;
      const [first = ""] = lines;
      if (first.startsWith(BOM)) lines[0] = first.slice(1);
    }
    return lines;
  }

  #tooLong(): ProviderError {
    return new ProviderError({
      code: "upstream_response_too_large",
      message: `The upstream sent a line of more than ${this.#maxLineBytes} bytes.`,
    });
  }
}

/** Without the line ending. */
function lengthOf(line: Uint8Array): number {
  const last = line.length - 1;
  return line[last] === LF && line[last - 1] === CR ? last - 1 : last;
}

function notUtf8(): ProviderError {
  return new ProviderError({ code: "upstream_protocol_error", message: "The upstream sent text that is not UTF-8." });
}
