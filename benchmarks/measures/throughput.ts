import type { Client } from "../client.ts";
import { check, openClients, reopen, settle } from "./clients.ts";
import { type Measure, type Sampler, type Subject, watched } from "./measure.ts";

export interface ThroughputOptions {
  readonly connections: number;
  /** Tokens of an answer. Default: what counts is the answer. */
  readonly tokens?: number | undefined;
}

const SAMPLE_MS = 700;

/** As much as goes through: each connection asks again as soon as it has its answer. */
export function throughput({ connections, tokens }: ThroughputOptions): Measure {
  const operation = tokens === undefined ? "answer" : "token";
  return {
    unit: `${operation}s/s`,
    better: "more",
    operation,
    async prepare({ gateway, ask }: Subject): Promise<Sampler> {
      const clients = await openClients(gateway, ask, connections);
      const lineFeeds = await check(clients, ask);
      const run = (times: number) => Promise.all(clients.map((client) => repeat(client, times, lineFeeds)));
      const times = await calibrate(gateway.pid, run);
      return {
        async sample() {
          await reopen(clients);
          const shares = await watched(gateway.pid, async () => void (await run(times)));
          const operations = connections * times * (tokens ?? 1);
          const cpuUs = (shares.ownMs / operations) * 1000;
          return { ...shares, value: (operations / shares.elapsedMs) * 1000, cpuUs };
        },
        close() {
          for (const client of clients) client.close();
        },
      };
    },
  };
}

async function repeat(client: Client, times: number, lineFeeds: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await client.open();
    const answer = await client.ask();
    if (answer.lineFeeds !== lineFeeds)
      throw new Error(`The answer has ${answer.lineFeeds} line feeds, not ${lineFeeds}.`);
  }
}

/** How often a sample asks on each connection, found out with a gateway that is warm. */
async function calibrate(pid: number, run: (times: number) => Promise<unknown>): Promise<number> {
  const once = async () => {
    const startedAt = performance.now();
    await run(times);
    return performance.now() - startedAt;
  };
  let times = 1;
  while ((await once()) < SAMPLE_MS / 2) times *= 2;
  await settle(pid, once);
  return Math.max(1, Math.round((times * SAMPLE_MS) / (await once())));
}
