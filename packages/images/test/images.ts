/** Real files, a pixel each, unless named otherwise. The PNG is what the recordings of real servers were made with. */
export const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const JPEG =
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=";
export const WEBP = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
export const WEBP_LOSSLESS = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";
export const WEBP_EXTENDED =
  "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA==";
export const GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/** A PNG's first bytes, which say this size; no pixels follow. */
export function pngHeader(width: number, height: number): Buffer {
  const bytes = Buffer.from(PNG, "base64").subarray(0, 33);
  const header = Buffer.from(bytes);
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return header;
}

export function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString("base64");
}

export function bytesOf(data: string): Buffer {
  return Buffer.from(data, "base64");
}

/** The same JPEG behind 90 kB of comments. */
export const JPEG_LATE_SIZE: string = base64(
  Buffer.concat([
    bytesOf(JPEG).subarray(0, 2),
    ...[1, 2].map(() => Buffer.concat([Buffer.from([0xff, 0xfe, 0xaf, 0xc8]), Buffer.alloc(45_000 - 2, 0xff)])),
    // Fill bytes may stand before any marker.
    Buffer.from([0xff, 0xff]),
    bytesOf(JPEG).subarray(2),
  ]),
);
