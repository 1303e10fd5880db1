import type { Recording } from "./recordings.ts";

/** A scripted answer. What it leaves open is as the emulator would have answered, so `{ fault }` alone breaks that. */
export interface Reply {
  /** The path it answers, without query; default `/api/chat`. */
  readonly path?: string | undefined;
  /** What to play: a recording, or the name of one of the emulator's version. */
  readonly recording?: string | Recording | undefined;
  readonly status?: number | undefined;
  /** Added to the answer's, in place of those of the same name. Framing, `Connection` and `Date` are the emulator's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body, each entry one HTTP chunk. Without a recording: status 200 and NDJSON, or JSON for a status from 400. */
  readonly chunks?: readonly (string | Uint8Array)[] | undefined;
  readonly fault?: Fault | undefined;
  /** Milliseconds of silence before each chunk; default the emulator's. */
  readonly delayMs?: number | undefined;
  /** How many requests it answers; default 1, Infinity for all from now on. */
  readonly times?: number | undefined;
}

/** One way to break an answer. A number at or past the body's end means: after all of it. */
export type Fault =
  /** Closes the connection after that many bytes of the body, without the end that the framing promised. */
  | { readonly cutAfterBytes: number }
  /** After that many chunks, announces the next one whole, sends half of it and closes the connection. */
  | { readonly closeInsideChunk: number }
  /** After that many chunks says nothing more, and keeps the connection until the client leaves or the emulator closes. */
  | { readonly silenceAfterChunks: number }
  /** Says nothing at all, not even headers, as a server does that is loading a model. */
  | { readonly silenceBeforeHeaders: true }
  /** After that many chunks sends `{"error":message}` as the last line, then ends the body properly. */
  | { readonly errorAfterChunks: number; readonly message: string }
  /** Ends the body properly after that many chunks: no final event. */
  | { readonly endAfterChunks: number }
  /** Resets the connection (RST) instead of answering. */
  | { readonly refuse: true }
  /**
   * Writes these to the socket in place of an HTTP answer, one after the other; then closes it, resets it, or says nothing
   * more until the client leaves. What the emulator would have answered does not count.
   */
  | { readonly bytes: readonly (string | Uint8Array)[]; readonly ending: "close" | "reset" | "silence" };
