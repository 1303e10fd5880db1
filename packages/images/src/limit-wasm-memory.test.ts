import { expect, it } from "vitest";
import { limitWasmMemory } from "./limit-wasm-memory.ts";

const HEAD = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A custom section named "x", before the memory: sections are skipped by their length. */
const CUSTOM = [0, 2, 1, 0x78];
const EXPORT = [7, 5, 1, 1, 0x6d, 2, 0];

interface Memory {
  grow(pages: number): number;
}

/** Every supported runtime has it; the library of types that this project uses does not. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    instantiate(module: Uint8Array): Promise<{ readonly instance: { readonly exports: { readonly m: Memory } } }>;
  };
};

it.each([
  ["without a maximum", [5, 3, 1, 0, 2]],
  ["with a larger one", [5, 5, 1, 1, 2, 0x80, 0x08]],
])("a memory %s grows to the limit and no further", async (_, section) => {
  const module = Uint8Array.from([...HEAD, ...CUSTOM, ...section, ...EXPORT]);
  const { instance } = await WebAssembly.instantiate(limitWasmMemory(module, 300 * 64 * 1024));
  const memory = instance.exports.m;
  expect(memory.grow(298)).toBe(2);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

it.each([
  ["no memory", [...HEAD, ...CUSTOM]],
  ["two memories", [...HEAD, 5, 5, 2, 0, 1, 0, 1]],
  ["nothing", []],
])("refuses a module with %s", (_, bytes) => {
  expect(() => limitWasmMemory(Uint8Array.from(bytes), 65_536)).toThrow("does not define one memory");
});
