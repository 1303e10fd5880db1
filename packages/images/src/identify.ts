import { svgStartTag } from "./svg-start-tag.ts";

/** The media type of a file by its first bytes, whatever anybody says it is; `undefined` when nothing known fits. */
export function identify(head: Uint8Array): string | undefined {
  const known = SIGNATURES.find(([, ...marks]) => marks.every(([offset, mark]) => has(head, offset, mark)));
  if (known !== undefined) return known[0];
  return svgStartTag(new TextDecoder().decode(head)) === undefined ? undefined : "image/svg+xml";
}

type Signature = readonly [mediaType: string, ...marks: (readonly [offset: number, mark: string])[]];

/** The first that fits counts: a brand stands before the container that it belongs to. */
const SIGNATURES: readonly Signature[] = [
  ["image/png", [0, "\x89PNG\r\n\x1a\n"]],
  ["image/jpeg", [0, "\xff\xd8\xff"]],
  ["image/webp", [0, "RIFF"], [8, "WEBP"]],
  ["image/gif", [0, "GIF87a"]],
  ["image/gif", [0, "GIF89a"]],
  // Two reserved fields after the size: `BM` alone begins many a text.
  ["image/bmp", [0, "BM"], [6, "\0\0\0\0"]],
  ["image/tiff", [0, "II*\0"]],
  ["image/tiff", [0, "MM\0*"]],
  ["image/tiff", [0, "II+\0"]],
  ["image/tiff", [0, "MM\0+"]],
  ["image/x-icon", [0, "\0\0\x01\0"]],
  ["image/x-icon", [0, "\0\0\x02\0"]],
  ["image/avif", [4, "ftypavif"]],
  ["image/avif", [4, "ftypavis"]],
  ["image/heic", [4, "ftyphe"]],
  ["image/heif", [4, "ftypmif1"]],
  ["image/heif", [4, "ftypmsf1"]],
  ["video/mp4", [4, "ftyp"]],
  ["image/jxl", [0, "\xff\x0a"]],
  ["image/jxl", [0, "\0\0\0\x0cJXL "]],
  ["image/jp2", [0, "\0\0\0\x0cjP  "]],
  ["image/vnd.adobe.photoshop", [0, "8BPS"]],
  ["application/pdf", [0, "%PDF-"]],
  // Also what an `.svgz` is.
  ["application/gzip", [0, "\x1f\x8b"]],
];

function has(bytes: Uint8Array, offset: number, mark: string): boolean {
  for (let index = 0; index < mark.length; index++) {
    if (bytes[offset + index] !== mark.charCodeAt(index)) return false;
  }
  return true;
}
