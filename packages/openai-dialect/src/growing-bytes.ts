/** A thousand streams may each hold one. */
const BLOCK_BYTES = 2048;

/** Node has pieces of larger blocks at hand, not cleared; what is taken of them has been written before. */
const allocate = (bytes: number): Uint8Array =>
  typeof Buffer === "function" ? Buffer.allocUnsafe(bytes) : new Uint8Array(bytes);

/**
 * UTF-8 that grows at its end. Not a string: one character outside Latin-1 makes a whole batch's string wide, and
 * flattening and encoding that on its way to the socket costs more than all else that happens to it.
 */
export class GrowingBytes {
  readonly #utf8 = new TextEncoder();
  #block: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;

  add(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#block.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  addText(text: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    this.#reserve(text.length * 3);
    this.#end += this.#utf8.encodeInto(text, this.#block.subarray(this.#end)).written;
  }

  /** Bytes that are characters already, as a text's literals are. */
  addLatin1(bytes: string): void {
    this.#reserve(bytes.length);
    const { buffer, byteOffset } = this.#block;
    // A runtime without Node's writer has no adapter that makes literals either, but may have another's.
    if (typeof Buffer === "function") Buffer.from(buffer, byteOffset + this.#end, bytes.length).write(bytes, "latin1");
    else for (let index = 0; index < bytes.length; index++) this.#block[this.#end + index] = bytes.charCodeAt(index);
    this.#end += bytes.length;
  }

  /** What was added since the last time: a view of a larger buffer, never written to again. */
  take(): Uint8Array {
    const taken = this.#block.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return taken;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#block.length) return;
    const held = this.#block.subarray(this.#start, this.#end);
    this.#block = allocate(Math.max(BLOCK_BYTES, 2 * held.length + bytes));
    this.#block.set(held);
    this.#start = 0;
    this.#end = held.length;
  }
}
