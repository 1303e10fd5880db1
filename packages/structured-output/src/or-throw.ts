import { type Batch, ProviderError, type Stream } from "@llamaduct/core";
import type { Judge } from "./or-else.ts";

/**
 * An answer as it streams; `upstream_error` in place of the finish when its text does not stand before the judge. An
 * answer that calls a tool has no text to judge.
 */
export async function* orThrow(source: Stream, judge: Judge): AsyncGenerator<Batch> {
  let text = "";
  let isCall = false;
  for await (const batch of source) {
    let violation: string | undefined;
    for (const part of batch) {
      if (part.type === "text-delta") text += part.text;
      else if (part.type === "tool-call-start") isCall = true;
      else if (part.type === "finish" && !isCall) violation = judge(text, part);
    }
    if (violation === undefined) {
      yield batch;
      continue;
    }
    // The finish is the last part of its batch.
    const delivered = [...batch].slice(0, -1);
    if (delivered.length > 0) yield delivered;
    const message = `The answer ${violation}.`;
    throw new ProviderError({ code: "upstream_error", message, setting: "responseFormat" });
  }
}
