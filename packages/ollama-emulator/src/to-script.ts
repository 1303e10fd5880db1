import type { Fault } from "./reply.ts";
import type { Answer } from "./usual-answer.ts";

/** An answer and its fault, spelt out: what is sent, then how it ends. */
export interface Script {
  readonly status: number;
  readonly headers: Answer["headers"];
  /** Bytes announced as the length of the body; undefined for chunked coding. */
  readonly contentLength: number | undefined;
  readonly chunks: readonly Uint8Array[];
  /**
   * `end`: properly. `close`: the connection, before that. `silence`: nothing until the client leaves. `reset`: the
   * connection is reset. `{ torn }`: this chunk is announced, half of it is sent, the connection is closed.
   */
  readonly ending: "end" | "close" | "silence" | "reset" | { readonly torn: Uint8Array };
  /** False when not even headers are sent. */
  readonly answers: boolean;
  /** What is sent past HTTP. */
  readonly bytes?: readonly (string | Uint8Array)[] | undefined;
}

/** Works a fault into an answer. */
export function toScript(answer: Answer, fault: Fault | undefined): Script {
  const chunks = answer.chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  const script: Script = {
    status: answer.status,
    headers: answer.headers,
    contentLength: answer.chunked ? undefined : byteLength(chunks),
    chunks,
    ending: answer.ended === "complete" ? "end" : "close",
    answers: true,
  };
  if (fault === undefined) return script;
  if ("refuse" in fault) return { ...script, answers: false, ending: "reset" };
  if ("silenceBeforeHeaders" in fault) return { ...script, answers: false, ending: "silence" };
  if ("bytes" in fault) return { ...script, answers: false, bytes: fault.bytes, ending: fault.ending };
  if ("silenceAfterChunks" in fault) {
    return { ...script, chunks: chunks.slice(0, fault.silenceAfterChunks), ending: "silence" };
  }
  if ("cutAfterBytes" in fault) return { ...script, chunks: firstBytes(chunks, fault.cutAfterBytes), ending: "close" };
  if ("closeInsideChunk" in fault) {
    const torn = chunks[fault.closeInsideChunk];
    return {
      ...script,
      chunks: chunks.slice(0, fault.closeInsideChunk),
      ending: torn === undefined ? "close" : { torn },
    };
  }
  const kept =
    "errorAfterChunks" in fault
      ? [...chunks.slice(0, fault.errorAfterChunks), Buffer.from(`${JSON.stringify({ error: fault.message })}\n`)]
      : chunks.slice(0, fault.endAfterChunks);
  return { ...script, chunks: kept, contentLength: answer.chunked ? undefined : byteLength(kept), ending: "end" };
}

function firstBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  const kept: Uint8Array[] = [];
  let left = count;
  for (const chunk of chunks) {
    if (left <= 0) break;
    kept.push(chunk.subarray(0, left));
    left -= chunk.length;
  }
  return kept;
}

function byteLength(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
