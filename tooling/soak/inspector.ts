/** What a process is asked through Node's inspector: nothing of this is in the proxy. */
export interface Inspector {
  /** Collects garbage first, so that what is left is held by something. */
  memory(): Promise<Memory>;
  /** What keeps the event loop awake: sockets, timers, handles, by kind. */
  resources(): Promise<Readonly<Record<string, number>>>;
  /** Milliseconds that the event loop was late since the last call. */
  eventLoopDelay(): Promise<Delay>;
  close(): void;
}

export interface Memory {
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
}

export interface Delay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** `url` as `--inspect` prints it: `ws://…`. */
export async function inspect(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const waiting = new Map<number, PromiseWithResolvers<Reply>>();
  let ids = 0;
  socket.onmessage = ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    waiting.get(reply.id)?.resolve(reply);
    waiting.delete(reply.id);
  };
  socket.onclose = () => {
    for (const { reject } of waiting.values()) reject(new Error("The process has ended."));
  };

  async function send(method: string, params: object = {}): Promise<Reply> {
    const answer = Promise.withResolvers<Reply>();
    ids += 1;
    waiting.set(ids, answer);
    socket.send(JSON.stringify({ id: ids, method, params }));
    const reply = await answer.promise;
    if (reply.error !== undefined || reply.result?.exceptionDetails !== undefined)
      throw new Error(`${method}: ${JSON.stringify(reply)}`);
    return reply;
  }
  async function evaluate<Value>(expression: string): Promise<Value> {
    const { result } = await send("Runtime.evaluate", { expression, returnByValue: true });
    return result?.result?.value as Value;
  }
  await evaluate(WATCH);

  return {
    async memory() {
      // What one collection finalises is free after the next.
      for (let time = 0; time < 3; time++) await send("HeapProfiler.collectGarbage");
      return evaluate<Memory>("process.memoryUsage()");
    },
    resources: () => evaluate(RESOURCES),
    eventLoopDelay: () => evaluate(DELAY),
    close: () => socket.close(),
  };
}

interface Reply {
  readonly id: number;
  readonly error?: unknown;
  readonly result?: { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: unknown };
}

const WATCH = `globalThis.soakDelay = process.getBuiltinModule("node:perf_hooks").monitorEventLoopDelay({ resolution: 5 });
globalThis.soakDelay.enable()`;
/** In milliseconds, without the wait of the timer that measures. */
const DELAY = `(() => {
  const late = (ns) => Math.max(0, ns / 1e6 - 5);
  const { soakDelay } = globalThis;
  const result = { p50: late(soakDelay.percentile(50)), p99: late(soakDelay.percentile(99)), max: late(soakDelay.max) };
  soakDelay.reset();
  return result;
})()`;
const RESOURCES = `process.getActiveResourcesInfo().reduce((all, kind) => ({ ...all, [kind]: (all[kind] ?? 0) + 1 }), {})`;
