const PAGE_BYTES = 64 * 1024;
const MEMORY_SECTION = 5;

/**
 * The same WebAssembly module with a limit on its memory, which without one grows to 4 GiB. Throws for a module that does not
 * define exactly one memory. Binary format: https://webassembly.github.io/spec/core/binary/modules.html#memory-section
 */
export function limitWasmMemory(module: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  // After the magic number and the version.
  let at = 8;
  while (at < module.length) {
    const content = readUnsigned(module, at + 1);
    const end = content.next + content.value;
    if (module[at] === MEMORY_SECTION) {
      const count = readUnsigned(module, content.next);
      if (count.value !== 1) break;
      // One byte of flags stands before the minimum; a maximum that is there already is left behind.
      const { value: minPages } = readUnsigned(module, count.next + 1);
      const memory = [1, HAS_MAXIMUM, ...toUnsigned(minPages), ...toUnsigned(Math.floor(maxBytes / PAGE_BYTES))];
      const section = [MEMORY_SECTION, ...toUnsigned(memory.length), ...memory];
      return joined(module.subarray(0, at), Uint8Array.from(section), module.subarray(end));
    }
    at = end;
  }
  throw new Error("The WebAssembly module does not define one memory.");
}

const HAS_MAXIMUM = 1;

/** LEB128. */
function readUnsigned(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at };
  }
}

function toUnsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...toUnsigned(Math.floor(value / 0x80))];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
