import { check, openClients, reopen, warmUp } from "./clients.ts";
import { type Measure, type Sampler, type Subject, watched } from "./measure.ts";

export interface PaceOptions {
  readonly streams: number;
  /** Tokens of an answer, which comes at the pace of the stand-in's model. */
  readonly tokens: number;
}

/** What a token costs when the gateway has time: nothing piles up, each is a wake-up, a read and a write. */
export function pace({ streams, tokens }: PaceOptions): Measure {
  return {
    unit: "µs of CPU a token",
    better: "less",
    operation: "token",
    async prepare({ gateway, ask }: Subject): Promise<Sampler> {
      const clients = await openClients(gateway, ask, streams);
      await check(clients, ask);
      await warmUp(gateway, ask);
      return {
        async sample() {
          await reopen(clients);
          const shares = await watched(gateway.pid, async () => {
            await Promise.all(clients.map((client) => client.ask()));
          });
          const cpuUs = (shares.ownMs / (streams * tokens)) * 1000;
          return { ...shares, value: cpuUs, cpuUs };
        },
        close() {
          for (const client of clients) client.close();
        },
      };
    },
  };
}
