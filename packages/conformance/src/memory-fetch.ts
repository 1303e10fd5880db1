import type { Act, Play } from "./act.ts";
import type { UpstreamRequest } from "./target.ts";
import { toUpstreamRequest } from "./upstream-server.ts";

export interface MemoryFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly requests: readonly UpstreamRequest[];
}

/** A `fetch` that answers as `play` says, without a socket: pieces arrive exactly as they are given. */
export function createMemoryFetch(play: Play): MemoryFetch {
  const requests: UpstreamRequest[] = [];
  return {
    requests,
    async fetch(input, init) {
      const asked = new Request(input, init);
      const { promise: left, resolve: leave } = Promise.withResolvers<void>();
      const request = toUpstreamRequest({
        method: asked.method,
        url: asked.url,
        headers: Object.fromEntries(asked.headers),
        text: await asked.text(),
        left,
      });
      asked.signal.throwIfAborted();
      requests.push(request);
      const act = play(request);
      if (act === "silent") return new Promise<Response>(() => {});
      return new Response(toBody(act, leave), { status: act.status, headers: act.headers });
    },
  };
}

function toBody({ pieces, then, pause }: Act, onLeave: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = pieces[next];
        if (piece === undefined) {
          if (then === "hang") return new Promise<void>(() => {});
          return then === "break" ? controller.error(new TypeError("terminated")) : controller.close();
        }
        if (next === pause?.at) await pause.until;
        next++;
        controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      },
      cancel: onLeave,
    },
    { highWaterMark: 0 },
  );
}
