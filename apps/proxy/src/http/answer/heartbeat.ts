import type { ServerResponse } from "node:http";

/** Comments into a stream that has nothing else to say: whoever reads events ignores them, and no one on the way gives up. */
export interface Heartbeat {
  /** Milliseconds of silence that one ends, from now on. 0: none. */
  every(ms: number): void;
  stop(): void;
}

/**
 * `begin` is to write the head, which the first comment needs. After it silence is looked at once an interval, not timed
 * from each event: a comment comes within two. Callers write whole events, so that each comment stands between two.
 */
export function createHeartbeat(response: ServerResponse, begin: () => void): Heartbeat {
  let intervalMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let written: number | undefined;

  function beat(): void {
    const isFirst = !response.headersSent;
    if (isFirst) begin();
    // Bytes that nobody reads would only pile up.
    const isSilent = response.socket?.bytesWritten === written && !response.writableNeedDrain;
    if (isFirst || isSilent) response.write(COMMENT);
    written = response.socket?.bytesWritten;
  }

  return {
    every(ms) {
      if (ms === intervalMs) return;
      clearInterval(timer);
      intervalMs = ms;
      timer = ms > 0 ? setInterval(beat, ms) : undefined;
    },
    stop() {
      clearInterval(timer);
    },
  };
}

const COMMENT = ": keepalive\n\n";
