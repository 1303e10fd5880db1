import { setTimeout as delay } from "node:timers/promises";

/** No socket, server or timer is left in the process. Pooled connections that are idle have a few seconds to close. */
export async function nothingLeft(): Promise<void> {
  const ours = /^(TCP|TLS|Timeout|Immediate|GetAddrInfo)/;
  const left = () => process.getActiveResourcesInfo().filter((name) => ours.test(name));
  for (let tries = 0; left().length > 0; tries++) {
    if (tries > 400) throw new Error(`Left behind: ${left().join(", ")}.`);
    await delay(20);
  }
}
