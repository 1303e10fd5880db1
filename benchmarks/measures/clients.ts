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

const WARM_UP = { connections: 16, cpuMs: 1000, atMostMs: 8000 };

/** Short streams until the gateway has computed for a second, which is when its compiler has little left to do. */
export async function warmUp(gateway: Gateway, ask: Ask): Promise<void> {
  const short = { ...ask, model: "line-20" };
  const clients = await openClients(gateway, short, WARM_UP.connections);
  const [cpu, deadline] = [cpuMs(gateway.pid), Date.now() + WARM_UP.atMostMs];
  while (cpuMs(gateway.pid) - cpu < WARM_UP.cpuMs && Date.now() < deadline)
    await Promise.all(clients.map((client) => client.open().then(() => client.ask())));
  for (const client of clients) client.close();
}
