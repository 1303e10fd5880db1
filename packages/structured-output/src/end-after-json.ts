import type { Batch, FinishPart, Stream, Warning } from "@llamaduct/core";
import { createJsonEnd } from "./json-end.ts";

/** A grammar for JSON lets whitespace follow, and some models never stop at it. */
const MAX_TRAILING_WHITESPACE = 64;

const WARNING: Warning = {
  setting: "responseFormat",
  message: "The answer was ended because nothing but whitespace followed its JSON; its usage is unknown.",
};
const FINISH: FinishPart = {
  type: "finish",
  reason: "stop",
  usage: { inputTokens: undefined, outputTokens: undefined },
};

/** Leaves an upstream that sends whitespace without end after a complete JSON value, and finishes for it. */
export async function* endAfterJson(source: Stream): AsyncGenerator<Batch> {
  const json = createJsonEnd();
  let isText = true;
  for await (const batch of source) {
    let isFinished = false;
    for (const part of batch) {
      if (part.type === "text-delta") json.push(part.text);
      else if (part.type === "tool-call-start") isText = false;
      else if (part.type === "finish") isFinished = true;
    }
    yield batch;
    if (isText && !isFinished && json.trailing > MAX_TRAILING_WHITESPACE) {
      yield [{ type: "warning", warning: WARNING }, FINISH];
      return;
    }
  }
}
