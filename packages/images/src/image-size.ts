export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Width and height from a file's header; pixels are never decoded. `undefined` when these bytes do not tell, or say 0. */
export function imageSize(bytes: Uint8Array, mediaType: keyof typeof READERS): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = READERS[mediaType](view);
  return size === undefined || size.width === 0 || size.height === 0 ? undefined : size;
}

type Reader = (view: DataView) => ImageSize | undefined;

const READERS: Readonly<Record<"image/png" | "image/jpeg" | "image/webp" | "image/gif", Reader>> = {
  "image/png": pngSize,
  "image/jpeg": jpegSize,
  "image/webp": webpSize,
  "image/gif": gifSize,
};

/** PNG §11.2.1: IHDR is the first chunk. */
function pngSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 24 || !isAt(view, 12, "IHDR")) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** GIF89a §18: the logical screen. */
function gifSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 10) return undefined;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** ITU T.81 B.1: segments of a marker and a length, until the frame header; the pixels begin after it. */
function jpegSize(view: DataView): ImageSize | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === 0xffff) at += 1;
    else if (isFrame(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    else if (marker < 0xffc0 || marker === START_OF_SCAN) return undefined;
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

const START_OF_SCAN = 0xffda;

/** SOF0 to SOF15, without the tables (DHT, JPG, DAC) that stand between them. */
function isFrame(marker: number): boolean {
  return marker >= 0xffc0 && marker <= 0xffcf && marker !== 0xffc4 && marker !== 0xffc8 && marker !== 0xffcc;
}

/** RFC 9649 §2.4–2.7, RFC 6386 §9.1: the first chunk is lossy, lossless, or extended with a canvas. */
function webpSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 30) return undefined;
  if (isAt(view, 12, "VP8 ")) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (isAt(view, 12, "VP8L")) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (isAt(view, 12, "VP8X")) return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
  return undefined;
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
}

function isAt(view: DataView, offset: number, name: string): boolean {
  return [...name].every((character, index) => view.getUint8(offset + index) === character.charCodeAt(0));
}
