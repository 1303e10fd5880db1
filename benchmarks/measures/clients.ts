import type { Ask } from "../ask.ts";
import { checkAnswer } from "../check-answer.ts";
import { Client } from "../client.ts";
import type { Gateway } from "../gateways.ts";
import { cpuMs } from "../processes.ts";

export async function openClients(gateway: Gateway, ask: Ask, count: number): Promise<readonly Client[]> {
  const request = gateway.toRequest(ask);
  const clients = Array.from({ length: count }, () => new Client(gateway.url, request));
  await reopen(clients);
  return clients;
}

export async function reopen(clients: readonly Client[]): Promise<void> {
  await Promise.all(clients.map((client) => client.open()));
}

/** The correctness pass: every word of an answer on each connection. Returns how many line feeds one has. */
export async function check(clients: readonly Client[], ask: Ask): Promise<number> {
  const answers = await Promise.all(clients.map((client) => client.ask({ keep: true })));
  for (const { body } of answers) checkAnswer(ask, body);
  return answers[0]?.lineFeeds ?? 0;
}

const WARM_UP = { connections: 32, answers: 16 };

/** Short streams until the gateway is warm. */
export async function warmUp(gateway: Gateway, ask: Ask): Promise<void> {
  const short = { ...ask, model: "burst-20" };
  const clients = await openClients(gateway, short, WARM_UP.connections);
  await settle(gateway.pid, async () => {
    for (let time = 0; time < WARM_UP.answers; time++)
      await Promise.all(clients.map((client) => client.open().then(() => client.ask())));
  });
  for (const client of clients) client.close();
}

const SETTLED = { runs: 5, gain: 0.03, atMostMs: 30_000 };

/**
 * Runs the same again and again until it has cost no less CPU for some time. What a process costs falls for seconds: V8
 * compiles what is called often, on the core that the gateway has, and a gateway of much code has much to compile.
 */
export async function settle(pid: number, run: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + SETTLED.atMostMs;
  let [least, unbeaten] = [Number.POSITIVE_INFINITY, 0];
  while (unbeaten < SETTLED.runs && performance.now() < deadline) {
    const before = cpuMs(pid);
    await run();
    const spent = cpuMs(pid) - before;
    unbeaten = spent < least * (1 - SETTLED.gain) ? 0 : unbeaten + 1;
    least = Math.min(least, spent);
  }
}
