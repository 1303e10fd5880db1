import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { isIP, type LookupFunction } from "node:net";
import { onTestFinished, vi } from "vitest";

/** Name → its answers: each lookup takes the next, the last one stays. Other names do not exist. For one test. */
export function fakeDns(zone: Readonly<Record<string, readonly (readonly string[])[]>>): void {
  const asked = new Map<string, number>();
  const lookup: LookupFunction = (hostname, _options, callback) => {
    const answers = zone[hostname] ?? [];
    const count = asked.get(hostname) ?? 0;
    asked.set(hostname, count + 1);
    const addresses = answers[Math.min(count, answers.length - 1)];
    queueMicrotask(() => {
      if (addresses === undefined) callback(Object.assign(new Error("ENOTFOUND"), { code: "ENOTFOUND" }), []);
      else
        callback(
          null,
          addresses.map((address) => ({ address, family: isIP(address) })),
        );
    });
  };
  const spy = vi.spyOn(dns, "lookup").mockImplementation(lookup as typeof dns.lookup);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
}
