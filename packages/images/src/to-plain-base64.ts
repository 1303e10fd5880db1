import { encodeBase64 } from "./base64.ts";

/**
 * A data URL (RFC 2397) in any spelling, or bare base64, to base64 of the standard alphabet, padded: what strict
 * decoders want. `undefined` when it is neither, or empty.
 */
export function toPlainBase64(source: string): string | undefined {
  if (!/^data:/i.test(source)) return canonical(source);
  const comma = source.indexOf(",");
  if (comma === -1) return undefined;
  const payload = source.slice(comma + 1);
  const parameters = source.slice("data:".length, comma).toLowerCase().split(";");
  const isBase64 = parameters.some((parameter) => parameter.trim() === "base64");
  if (isBase64) return canonical(payload.includes("%") ? new TextDecoder().decode(percentDecoded(payload)) : payload);
  return payload === "" ? undefined : encodeBase64(percentDecoded(payload));
}

function canonical(text: string): string | undefined {
  const standard = /[-_\s]/.test(text) ? text.replace(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/") : text;
  const bare = standard.replace(/={1,2}$/, "");
  if (bare === "" || bare.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(bare)) return undefined;
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
}

/** The bytes of a URL's text. A `%` that starts no escape stays one, as in every browser. */
function percentDecoded(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const escaped = bytes[index] === PERCENT ? hexByte(bytes.subarray(index + 1, index + 3)) : undefined;
    bytes[length++] = escaped ?? bytes[index] ?? 0;
    if (escaped !== undefined) index += 2;
  }
  return bytes.subarray(0, length);
}

const PERCENT = 0x25;

function hexByte(digits: Uint8Array): number | undefined {
  const text = String.fromCharCode(...digits);
  return /^[0-9a-f]{2}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}
