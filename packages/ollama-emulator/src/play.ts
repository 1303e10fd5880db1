import type { ServerResponse } from "node:http";
import type { Script } from "./to-script.ts";

/**
 * Plays a script, one HTTP chunk per chunk. Resolves with `complete` when all of it was handed to the socket (a scripted
 * close or reset included), with `aborted` as soon as the connection ends before that.
 */
export async function play(
  response: ServerResponse,
  script: Script,
  { delayMs }: { readonly delayMs: number },
): Promise<"complete" | "aborted"> {
  // The response's close is the connection's; the request's fires when its body has been read.
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const { signal } = gone;

  if (script.answers) {
    response.statusCode = script.status;
    for (const [name, value] of script.headers) {
      if (!ownHeaders.has(name.toLowerCase())) response.setHeader(name, value);
    }
    if (script.contentLength !== undefined) response.setHeader("content-length", script.contentLength);
    for (const chunk of script.chunks) {
      if (delayMs > 0) await untilAborted(signal, delayMs);
      if (signal.aborted) return "aborted";
      if (!response.write(chunk)) await drained(response, signal);
    }
    if (script.ending !== "end") response.flushHeaders();
  }
  const { socket } = response;
  for (const piece of script.bytes ?? []) {
    if (delayMs > 0) await untilAborted(signal, delayMs);
    if (signal.aborted) return "aborted";
    // A reset forgets what has not been sent yet.
    await new Promise((resolve) => socket?.write(piece, resolve));
  }
  if (signal.aborted || response.destroyed) return "aborted";

  const { ending } = script;
  if (ending === "silence") {
    await untilAborted(signal);
    return "aborted";
  }
  if (ending === "end") {
    return new Promise((resolve) => {
      response.once("finish", () => resolve("complete"));
      signal.addEventListener("abort", () => resolve("aborted"));
      response.end();
    });
  }
  if (ending === "reset") socket?.resetAndDestroy();
  else if (ending === "close") socket?.destroySoon();
  else {
    // Past the response, which could only announce what it sends.
    if (script.contentLength === undefined) socket?.write(`${ending.torn.length.toString(16)}\r\n`);
    socket?.write(ending.torn.subarray(0, ending.torn.length >> 1));
    socket?.destroySoon();
  }
  return "complete";
}

/** Headers of the connection, the framing and the clock: the emulator has its own. */
const ownHeaders: ReadonlySet<string> = new Set(["connection", "content-length", "date", "transfer-encoding"]);

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    response.on("drain", done);
    signal.addEventListener("abort", done);
  });
}

/** Waits for the abort, or for the time if that is up first. */
function untilAborted(signal: AbortSignal, ms?: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = ms === undefined ? undefined : setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener("abort", done);
  });
}
