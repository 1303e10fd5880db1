import { ProviderError } from "@llamaduct/core";
import { events, type LineOptions } from "@llamaduct/http";
import { toUpstreamError } from "./to-upstream-error.ts";
import { type Chunk, parseChunk } from "./wire.ts";

/** `[DONE]` stands for itself: the server says that the answer is whole. */
export type ChunkOrDone = Chunk | "[DONE]";

/**
 * Decodes an event stream into batches, one for what arrived together. Throws at an error event and at one that is not
 * the protocol, after the chunks before it. Reading ends at the server's end: whether the answer was whole is the
 * reader's to judge.
 */
export async function* readChunks(
  body: AsyncIterable<Uint8Array>,
  options?: LineOptions,
): AsyncGenerator<readonly ChunkOrDone[]> {
  for await (const batch of events(body, options)) {
    const chunks: ChunkOrDone[] = [];
    let failure: unknown;
    try {
      for (const { data } of batch) chunks.push(readChunk(data));
    } catch (error) {
      failure = error;
    }
    if (chunks.length > 0) yield chunks;
    if (failure !== undefined) throw failure;
  }
}

function readChunk(data: string): ChunkOrDone {
  if (data === "[DONE]") return "[DONE]";
  const value = parseJson(data);
  if (typeof value === "object" && value !== null && "error" in value)
    throw toUpstreamError({ status: 200, text: data });
  const chunk = parseChunk(value);
  if (chunk === undefined) throw protocolError("an event of another shape", data);
  return chunk;
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw protocolError("an event that is not JSON", data);
  }
}

function protocolError(what: string, data: string): ProviderError {
  return new ProviderError({
    code: "upstream_protocol_error",
    message: `The server sent ${what}.`,
    upstreamStatus: 200,
    upstreamMessage: data,
  });
}
