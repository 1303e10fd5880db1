import { decoded } from "./decoded.ts";
import { LineDecoder } from "./line-decoder.ts";
import { DEFAULT_MAX_LINE_BYTES, type LineOptions } from "./lines.ts";

/**
 * What a read has completed. `latin1`: whole lines of valid UTF-8, each byte a character, line endings included; half as
 * long and much cheaper than decoded text for a reader that knows most lines by their form. `lines`: as `lines` gives
 * them, where this runtime has no such view, or where one of them is too long or wrong.
 */
export type LineBlock = { readonly latin1: string } | { readonly lines: readonly string[] };

/** The lines of a body as `lines` has them, in blocks that need not be decoded. The same failures at the same places. */
export function lineBlocks(
  body: AsyncIterable<Uint8Array>,
  options: LineOptions = {},
): AsyncIterable<readonly LineBlock[]> {
  const { maxLineBytes = DEFAULT_MAX_LINE_BYTES } = options;
  return decoded(body, () => {
    const decoder = new LineDecoder({ maxLineBytes, endings: "lf" });
    return {
      get failure() {
        return decoder.failure;
      },
      push: (bytes) => decoder.pushBlock(bytes),
      end: () => decoder.endBlock(),
    };
  });
}
