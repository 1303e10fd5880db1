import { type Allowance, createMemoryLimitStore, type LimitStore, type Use } from "@llamaduct/router";
import type { RedisClient, RedisLink } from "./redis-link.ts";

export interface RedisLimitStoreOptions {
  readonly ask: RedisLink["ask"];
  readonly namespace: string;
}

export interface RedisLimitStore extends LimitStore {
  /** Settles when counting works there. */
  check(client: RedisClient): Promise<unknown>;
}

/**
 * One step of Redis's, since it runs one script at a time. The window is the key's life; it begins with the first use,
 * as in memory. Without a limit, everything fits.
 */
const COUNT = `
local key, amount, limit, window = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
redis.call("SET", key, "0", "PX", window, "NX")
local allowed = not limit or tonumber(redis.call("GET", key)) + tonumber(amount) <= limit
if allowed then redis.call("INCRBYFLOAT", key, amount) end
return { allowed and 1 or 0, redis.call("GET", key), redis.call("PTTL", key) }
`;

/** Counters in Redis. What they let through here is counted in memory, too: from there it goes on while Redis is away. */
export function createRedisLimitStore({ ask, namespace }: RedisLimitStoreOptions): RedisLimitStore {
  const local = createMemoryLimitStore();

  function count(client: RedisClient, { key, amount, windowMs }: Omit<Use, "limit">, limit?: number): Promise<unknown> {
    return client.eval(COUNT, {
      keys: [`${namespace}:limit:${key}`],
      arguments: [String(amount), String(limit ?? ""), String(Math.ceil(windowMs))],
    });
  }

  return {
    async use(use) {
      const reply = await ask((client) => count(client, use, use.limit));
      if (reply === undefined) return local.use(use);
      const allowance = toAllowance(reply, use);
      if (allowance.allowed) await local.add(use);
      return allowance;
    },
    async add(use) {
      await Promise.all([local.add(use), ask((client) => count(client, use))]);
    },
    check: (client) => count(client, { key: "check", amount: 0, windowMs: 1_000 }),
  };
}

function toAllowance(reply: unknown, { limit }: Use): Allowance {
  // The shape that the script returns.
  const [allowed, used, resetMs] = reply as [number, string, number];
  return { allowed: allowed === 1, remaining: Math.max(0, limit - Number(used)), resetMs };
}
