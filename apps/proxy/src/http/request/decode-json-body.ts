import { isUtf8 } from "node:buffer";
import { HttpError } from "../answer/http-error.ts";

const MAX_DEPTH = 64;
const MAX_TOKENS = 200_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * A request body as text. Invalid UTF-8 is refused rather than mended, and so is what is cheap to send and dear to
 * parse: a million nested brackets in a small body overflow the stack, a million keys stall every other stream.
 */
export function decodeJsonBody(bytes: Buffer): string {
  if (bytes.length === 0) throw new HttpError("invalid_json", "The request body is empty; send a JSON object.");
  checkComplexity(bytes);
  if (!isUtf8(bytes)) throw new HttpError("invalid_json", "The request body is not UTF-8.");
  return bytes.toString("utf8");
}

/** One pass, a few nanoseconds a byte. */
function checkComplexity(bytes: Buffer): void {
  let depth = 0;
  let tokens = 0;
  for (let index = 0; index < bytes.length; index++) {
    switch (bytes[index]) {
      case QUOTE:
        index = endOfString(bytes, index + 1);
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth++;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case 0x2c: // ,
      case 0x3a: // :
        break;
      default:
        continue;
    }
    tokens++;
    if (depth > MAX_DEPTH)
      throw new HttpError("json_too_complex", `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
    if (tokens > MAX_TOKENS) throw new HttpError("json_too_complex", `The JSON has more than ${MAX_TOKENS} elements.`);
  }
}

/** Native searches where nothing is escaped: an image is one string of megabytes. */
function endOfString(bytes: Buffer, start: number): number {
  const quote = bytes.indexOf(QUOTE, start);
  if (quote === -1 || !bytes.subarray(start, quote).includes(BACKSLASH)) return quote === -1 ? bytes.length : quote;
  for (let index = start; index < bytes.length; index++) {
    if (bytes[index] === BACKSLASH) index++;
    else if (bytes[index] === QUOTE) return index;
  }
  return bytes.length;
}
