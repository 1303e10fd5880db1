import { DEFAULT_LIMITS, type Limits } from "../../config/limits.ts";
import { HttpError } from "../answer/http-error.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * A request body as text. Invalid UTF-8 is refused rather than mended, and so is what is cheap to send and dear to
 * parse: a million nested brackets in a small body overflow the stack, a million keys stall every other stream.
 */
export function decodeJsonBody(bytes: Buffer, limits: JsonLimits = DEFAULT_LIMITS): string {
  if (bytes.length === 0) throw new HttpError("invalid_json", "The request body is empty; send a JSON object.");
  const text = decodeUtf8(bytes);
  checkComplexity(text, limits);
  return text;
}

type JsonLimits = Pick<Limits, "jsonDepth" | "jsonElements">;

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

function decodeUtf8(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new HttpError("invalid_json", "The request body is not UTF-8.");
  }
}

/** One pass, a fraction of the time that parsing takes: text is searched natively. */
function checkComplexity(text: string, { jsonDepth, jsonElements }: JsonLimits): void {
  let depth = 0;
  let elements = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index + 1);
    else if (code === 0x7b || code === 0x5b)
      depth++; // { [
    else if (code === 0x7d || code === 0x5d)
      depth--; // } ]
    else if (code !== 0x2c && code !== 0x3a) continue; // , :
    elements++;
    if (depth > jsonDepth)
      throw new HttpError("json_too_complex", `The JSON is nested deeper than ${jsonDepth} levels.`);
    if (elements > jsonElements)
      throw new HttpError("json_too_complex", `The JSON has more than ${jsonElements} elements.`);
  }
}

function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote !== -1; quote = text.indexOf('"', quote + 1))
    if (!isEscaped(text, quote, start)) return quote;
  return text.length;
}

/** By an odd number of backslashes before it. */
function isEscaped(text: string, quote: number, start: number): boolean {
  let first = quote;
  while (first > start && text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}
