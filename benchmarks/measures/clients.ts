import type { Ask } from "../ask.ts";
import { checkAnswer } from "../check-answer.ts";
import { Client } from "../client.ts";
import type { Gateway } from "../gateways.ts";

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
