import { residentKiB } from "../processes.ts";
import { openClients, warmUp } from "./clients.ts";
import { type Measure, type Sampler, type Subject, watched } from "./measure.ts";

export interface MemoryOptions {
  readonly streams: number;
}

/** What was taken for the start is given back by then. */
const REST_MS = 1000;
const STEADY_MS = 4000;

/** What a stream holds while it runs: the growth of a process that was warm and at rest. */
export function memory({ streams }: MemoryOptions): Measure {
  return {
    unit: "KiB a stream",
    better: "less",
    operation: "stream",
    atMostRounds: 3,
    async prepare({ ask, startAnother }: Subject): Promise<Sampler> {
      return {
        async sample() {
          // A heap that has grown once would hide the next streams.
          const gateway = await startAnother();
          try {
            await warmUp(gateway, ask);
            await rest(REST_MS);
            const before = residentKiB(gateway.pid);
            const clients = await openClients(gateway, ask, streams);
            let failure: unknown;
            for (const client of clients) client.ask().catch((error) => (failure ??= error));
            const shares = await watched(gateway.pid, () => rest(STEADY_MS));
            const grown = residentKiB(gateway.pid) - before;
            for (const client of clients) client.close();
            if (failure !== undefined) throw failure;
            return { ...shares, value: grown / streams, cpuUs: (shares.ownMs / streams) * 1000 };
          } finally {
            await gateway.stop();
          }
        },
        close() {},
      };
    },
  };
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
