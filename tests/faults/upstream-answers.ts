import type { Fault, Reply } from "../../packages/ollama-emulator/src/index.ts";

/** A line of an answer to `/api/chat`. */
export function line(message: object, rest: object = { done: false }): string {
  const spoken = { role: "assistant", content: "", ...message };
  return `${JSON.stringify({ model: "plain", created_at: "2026-11-22T10:00:00Z", message: spoken, ...rest })}\n`;
}

export const A: string = line({ content: "a" });
export const B: string = line({ content: "b" });
export const DONE: string = line({}, { done: true, done_reason: "stop", prompt_eval_count: 3, eval_count: 2 });

/** An answer in other bytes: each line or piece of one HTTP chunk of its own. */
export function says(...chunks: readonly (string | Uint8Array)[]): Reply {
  return { chunks };
}

/** These bytes on the socket, then this end of the connection. */
export function sends(ending: "close" | "reset" | "silence", ...bytes: readonly (string | Uint8Array)[]): Reply {
  return { fault: { bytes, ending } satisfies Fault };
}

export const OK = "HTTP/1.1 200 OK\r\n";
export const CHUNKED: string = `${OK}content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n`;

/** HTTP chunks, without the last one. */
export function chunked(...pieces: readonly string[]): string {
  return pieces.map((piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`).join("");
}

/** A whole answer whose length is announced. */
export function sized(body: string): string {
  return `${OK}content-type: application/x-ndjson\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
