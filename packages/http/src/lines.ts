import { decoded } from "./decoded.ts";
import { LineDecoder } from "./line-decoder.ts";

export interface LineOptions {
  /** A longer line (for `events`, also a longer event) is `upstream_response_too_large`. Default 8 MiB. */
  readonly maxLineBytes?: number | undefined;
}

export const DEFAULT_MAX_LINE_BYTES: number = 8 * 1024 * 1024;

/**
 * NDJSON: the lines of a body, in batches of what each read completes. Lines end in `\n` or `\r\n`, the last one may
 * have no ending, empty ones are skipped, a byte order mark at the start is dropped. Text that is not UTF-8 is
 * `upstream_protocol_error`. The lines before a failure are yielded first. Leaving early leaves the body.
 */
export function lines(body: AsyncIterable<Uint8Array>, options: LineOptions = {}): AsyncIterable<readonly string[]> {
  const { maxLineBytes = DEFAULT_MAX_LINE_BYTES } = options;
  return decoded(body, () => {
    const decoder = new LineDecoder({ maxLineBytes, endings: "lf" });
    return {
      get failure() {
        return decoder.failure;
      },
      push: (bytes) => decoder.push(bytes).filter((line) => line !== ""),
      end: () => decoder.end().filter((line) => line !== ""),
    };
  });
}
