import type { Running } from "../processes.ts";
import { openClients, warmUp } from "./clients.ts";
import { type Measure, type Sampler, type Subject, watched } from "./measure.ts";

export interface CancellationOptions {
  readonly streams: number;
  /** How long after its client has left the upstream's connection may still be open. */
  readonly withinMs: number;
}

const BEGIN_MS = 20_000;
const WATCH_MS = 3000;

/** All clients leave at once: the share of the upstream's connections that are closed in time. */
export function cancellation({ streams, withinMs }: CancellationOptions): Measure {
  return {
    unit: `% closed within ${withinMs / 1000} s`,
    better: "more",
    operation: "stream",
    atMostRounds: 3,
    async prepare({ ask, upstream, startAnother }: Subject): Promise<Sampler> {
      return {
        async sample() {
          // One that does not cancel has its streams run on for ever.
          const gateway = await startAnother();
          try {
            await warmUp(gateway, ask);
            const clients = await openClients(gateway, ask, streams);
            let failure: unknown;
            for (const client of clients) client.ask().catch((error) => (failure ??= error));
            const deadline = Date.now() + BEGIN_MS;
            while ((await stats(upstream)).open < streams && Date.now() < deadline && failure === undefined)
              await rest(100);
            if (failure !== undefined) throw failure;
            const leftAt = Date.now();
            const shares = await watched(gateway.pid, async () => {
              for (const client of clients) client.close();
              await rest(WATCH_MS);
            });
            const { closed } = await stats(upstream);
            const inTime = closed.filter((at) => at - leftAt <= withinMs).length;
            return { ...shares, value: (inTime / streams) * 100, cpuUs: (shares.ownMs / streams) * 1000 };
          } finally {
            await gateway.stop();
          }
        },
        close() {},
      };
    },
  };
}

interface Stats {
  readonly open: number;
  /** When, milliseconds since 1970. */
  readonly closed: readonly number[];
}

async function stats({ url }: Running): Promise<Stats> {
  // What `/stats` of upstream.ts gives.
  return (await (await fetch(`${url}/stats`)).json()) as Stats;
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
