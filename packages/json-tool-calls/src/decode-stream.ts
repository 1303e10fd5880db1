import type { Batch, Stream, StreamPart, Warning } from "@llamaduct/core";
import type { PartWriter } from "./part-writer.ts";
import type { ReplyDecoder } from "./reply-decoder.ts";

export interface DecodeStreamOptions {
  readonly decoder: ReplyDecoder;
  /** The decoder's. */
  readonly writer: PartWriter;
  /** To be told with `start`. */
  readonly warnings: readonly Warning[];
  /** What to throw where the upstream failed. */
  readonly toError: (error: unknown) => unknown;
}

/** A stream of JSON replies as one of text and calls. Leaves the upstream where the reply is over and it is not. */
export async function* decodeStream(
  source: Stream,
  { decoder, writer, warnings, toError }: DecodeStreamOptions,
): AsyncGenerator<Batch> {
  let isFinished = false;

  function read(part: StreamPart): void {
    switch (part.type) {
      case "start":
        writer.part({ ...part, warnings: [...warnings, ...part.warnings] });
        break;
      case "text-delta":
        decoder.write(part.text);
        break;
      case "finish": {
        const reason = decoder.end(part.reason);
        isFinished = true;
        writer.part({ ...part, reason });
        break;
      }
      default:
        writer.part(part);
    }
  }

  try {
    for await (const batch of source) {
      for (const part of batch) read(part);
      if (decoder.isDone && !isFinished)
        read({ type: "finish", reason: "stop", usage: { inputTokens: undefined, outputTokens: undefined } });
      const parts = writer.drain();
      if (parts.length > 0) yield parts;
      if (isFinished) return;
    }
  } catch (error) {
    decoder.fail();
    const parts = writer.drain();
    if (parts.length > 0) yield parts;
    throw toError(error);
  }
}
