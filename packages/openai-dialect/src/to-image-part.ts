import type { ImagePart } from "@llamaduct/core";
import { invalidField, unsupportedField } from "./field-error.ts";
import type { Optional } from "./request-params.ts";

/** `data:` URLs in any spelling, or bare base64 of a known format, to plain base64. Nothing is fetched. */
export function toImagePart(url: string, setting: string): ImagePart {
  if (/^https?:/i.test(url)) throw unsupportedField(setting, "A link is not fetched; send the image as a data URL.");
  const { declared, payload } = split(url, setting);
  const data = toPlainBase64(payload);
  if (data === undefined) throw invalidField(setting, "must be a data URL with base64, or base64");
  const mediaType = declared !== undefined && /^image\/[a-z]/.test(declared) ? declared : sniff(data);
  if (mediaType === undefined) throw invalidField(setting, "must hold a PNG, JPEG, WebP or GIF image");
  if (mediaType.startsWith("image/svg")) throw unsupportedField(setting, "SVG must be sent as PNG.");
  return { type: "image", mediaType, data };
}

/** A list of images as other servers have it, next to the text instead of in it. */
export function toImageParts(sources: Optional<readonly string[]>, setting: string): readonly ImagePart[] {
  return (sources ?? []).map((source, index) => toImagePart(source, `${setting}.${index}`));
}

interface Source {
  readonly declared: string | undefined;
  readonly payload: string;
}

function split(url: string, setting: string): Source {
  if (!/^data:/i.test(url)) return { declared: undefined, payload: url };
  const comma = url.indexOf(",");
  const [mediaType = "", ...parameters] = url.slice(5, Math.max(comma, 5)).toLowerCase().split(";");
  if (comma === -1 || !parameters.some((parameter) => parameter.trim() === "base64")) {
    throw invalidField(setting, "must be a base64 data URL");
  }
  return { declared: mediaType.trim(), payload: url.slice(comma + 1) };
}

/** The standard alphabet, padded: what strict decoders want. Accepts the URL-safe one, line breaks, percent-encoding. */
function toPlainBase64(payload: string): string | undefined {
  const text = /[-_%\s]/.test(payload)
    ? unescaped(payload).replace(/\s/g, "").replace(/-/g, "+").replace(/_/g, "/")
    : payload;
  const bare = text.replace(/={1,2}$/, "");
  if (bare === "" || bare.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(bare)) return undefined;
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
}

function unescaped(payload: string): string {
  return payload.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** By the formats' first bytes, as base64 spells them: `RIFF`, four bytes of size, then `WEBP`, which ends in `RUJQ`. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^iVBORw0KGg/, "image/png"],
  [/^\/9j\//, "image/jpeg"],
  [/^R0lGOD/, "image/gif"],
  [/^UklGR.{7}RUJQ/, "image/webp"],
];

function sniff(data: string): string | undefined {
  return SIGNATURES.find(([signature]) => signature.test(data))?.[1];
}
