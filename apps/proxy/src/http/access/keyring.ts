import { hash } from "node:crypto";
import type { KeyConfig, ServerConfig } from "../../config/proxy-config.ts";

/** Who asks. */
export interface Asker {
  /** For the log and for queues; `undefined` where nobody is asked for a key. */
  readonly name: string | undefined;
  /** What it may do; absent: everything. */
  readonly key?: KeyConfig | undefined;
}

/** The keys of one configuration. */
export interface Keyring {
  find(key: string): Asker | undefined;
}

/** Whether there is any key to ask for. */
export function wantsKey({ masterKey, keys = [] }: ServerConfig): boolean {
  return masterKey !== undefined || keys.length > 0;
}

/**
 * Keys are compared as digests: how long a look-up takes tells something of a digest that an attacker cannot choose, and
 * nothing of the key.
 */
export function createKeyring({ masterKey, keys = [] }: ServerConfig): Keyring {
  const askers = new Map<string, Asker>(keys.map((key) => [key.sha256.toLowerCase(), { name: key.name, key }]));
  // Last, so that a key of the same text cannot limit it.
  if (masterKey !== undefined) askers.set(digest(masterKey), { name: "master" });
  return { find: (key) => askers.get(digest(key)) };
}

function digest(key: string): string {
  return hash("sha256", key, "hex");
}
