import { expect, it } from "vitest";
import {
  bytesOf,
  GIF,
  JPEG,
  JPEG_LATE_SIZE,
  PNG,
  pngHeader,
  WEBP,
  WEBP_EXTENDED,
  WEBP_LOSSLESS,
} from "../test/images.ts";
import { imageSize } from "./image-size.ts";

function patched(data: string, at: number, ...bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytesOf(data));
  copy.set(bytes, at);
  return copy;
}

/** Where the height stands in the JPEG: two bytes of marker, two of length and one of precision after its frame header's start. */
const JPEG_HEIGHT = bytesOf(JPEG).indexOf(Buffer.from([0xff, 0xc2])) + 5;

it.each([
  ["image/png", bytesOf(PNG), 1, 1],
  ["image/png", pngHeader(0x01020304, 0x05060708), 0x01020304, 0x05060708],
  ["image/jpeg", bytesOf(JPEG), 1, 1],
  ["image/jpeg", bytesOf(JPEG_LATE_SIZE), 1, 1],
  ["image/jpeg", patched(JPEG, JPEG_HEIGHT, 1, 2, 3, 4), 0x0304, 0x0102],
  ["image/jpeg", patched(JPEG, JPEG_HEIGHT - 4, 0xc0), 1, 1],
  ["image/webp", bytesOf(WEBP), 1, 1],
  ["image/webp", patched(WEBP, 26, 0x02, 0xc1, 0x04, 0x43), 0x0102, 0x0304],
  ["image/webp", bytesOf(WEBP_LOSSLESS), 1, 1],
  ["image/webp", patched(WEBP_LOSSLESS, 21, 0xff, 0xff, 0x00, 0x10), 16_384, 4],
  ["image/webp", bytesOf(WEBP_EXTENDED), 1, 1],
  ["image/webp", patched(WEBP_EXTENDED, 24, 1, 2, 3, 4, 5, 6), 0x030202, 0x060505],
  ["image/gif", bytesOf(GIF), 1, 1],
  ["image/gif", patched(GIF, 6, 1, 2, 3, 4), 0x0201, 0x0403],
] as const)("%s: %#", (mediaType, bytes, width, height) => {
  expect(imageSize(bytes, mediaType)).toEqual({ width, height });
});

it.each([
  ["image/png", PNG],
  ["image/jpeg", JPEG],
  ["image/webp", WEBP],
  ["image/webp", WEBP_LOSSLESS],
  ["image/webp", WEBP_EXTENDED],
  ["image/gif", GIF],
] as const)("%s cut anywhere gives its size or none", (mediaType, data) => {
  const bytes = bytesOf(data);
  const sizes = Array.from(bytes, (_, length) => imageSize(bytes.subarray(0, length), mediaType));
  const known = sizes.findIndex((size) => size !== undefined);
  expect(sizes.slice(0, known).every((size) => size === undefined)).toBe(true);
  expect(sizes.slice(known)).toEqual(sizes.slice(known).map(() => ({ width: 1, height: 1 })));
});

it.each([
  ["pixels before the frame", patched(JPEG, JPEG_HEIGHT - 4, 0xda)],
  ["a table where the frame should be", patched(JPEG, JPEG_HEIGHT - 4, 0xc4)],
  ["no marker", patched(JPEG, 2, 0)],
  ["segments of length 0", Uint8Array.from({ length: 300 }, (_, index) => [0xff, 0xd8, 0xff, 0xe0, 0, 0][index] ?? 0)],
])("a JPEG with %s has no size", (_, bytes) => {
  expect(imageSize(bytes, "image/jpeg")).toBeUndefined();
});
