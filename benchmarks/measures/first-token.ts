import type { Client } from "../client.ts";
import { check, openClients, reopen, warmUp } from "./clients.ts";
import { type Measure, type Sampler, type Subject, watched } from "./measure.ts";

export interface FirstTokenOptions {
  readonly clients: number;
  /** Questions of each client in one sample. */
  readonly times: number;
}

/** The first word of every answer of the stand-in, as it stands in JSON. */
const FIRST = '" the"';

/** From the question to the first word, the median of a sample. */
export function firstToken({ clients: count, times }: FirstTokenOptions): Measure {
  return {
    unit: "ms",
    better: "less",
    operation: "answer",
    async prepare({ gateway, ask }: Subject): Promise<Sampler> {
      const clients = await openClients(gateway, ask, count);
      await check(clients, ask);
      await warmUp(gateway, ask);
      const run = async () => (await Promise.all(clients.map((client) => repeat(client, times)))).flat();
      return {
        async sample() {
          await reopen(clients);
          let delays: readonly number[] = [];
          const shares = await watched(gateway.pid, async () => {
            delays = await run();
          });
          const median = delays.toSorted((a, b) => a - b)[Math.floor(delays.length / 2)] ?? Number.NaN;
          return { ...shares, value: median, cpuUs: (shares.ownMs / (count * times)) * 1000 };
        },
        close() {
          for (const client of clients) client.close();
        },
      };
    },
  };
}

async function repeat(client: Client, times: number): Promise<readonly number[]> {
  const delays: number[] = [];
  for (let time = 0; time < times; time++) {
    await client.open();
    const askedAt = performance.now();
    const { firstAt } = await client.ask({ mark: FIRST });
    if (firstAt === undefined) throw new Error("The answer has no first word.");
    delays.push(firstAt - askedAt);
  }
  return delays;
}
