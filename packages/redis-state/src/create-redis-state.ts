import type { LimitStore, SharedState } from "@llamaduct/router";
import { createRedisLimitStore } from "./redis-limit-store.ts";
import { createRedisLink, type RedisStatus } from "./redis-link.ts";
import { createRedisSharedState } from "./redis-shared-state.ts";

export interface RedisStateOptions {
  /** `redis[s]://[user[:password]@]host[:port][/database]`. */
  readonly url: string;
  /** Where the URL has none. */
  readonly password?: string | undefined;
  /** Before the name of everything there. Default: `llamaduct`. */
  readonly namespace?: string | undefined;
  /** How long a request waits for Redis, milliseconds; what comes later counts as away. Default: 100. */
  readonly timeoutMs?: number | undefined;
  /** Told how Redis is at first, and whenever that changes. */
  readonly onStatus?: ((status: RedisStatus) => void) | undefined;
}

/** What several processes share. While Redis is away, each goes on alone, from what it has let through itself. */
export interface RedisState {
  readonly limits: LimitStore;
  readonly shared: SharedState;
  /** Whether the others are reached now. */
  readonly isUp: boolean;
  close(): void;
}

/** Settles once it is known how Redis is, after a second at most; goes on looking for one that is away. Throws for a bad URL. */
export async function createRedisState(options: RedisStateOptions): Promise<RedisState> {
  const { namespace = "llamaduct", timeoutMs = 100, onStatus = () => {} } = options;
  const channel = `${namespace}:state`;
  const limits = createRedisLimitStore({ ask: (command) => link.ask(command), namespace });
  const shared = createRedisSharedState({
    publish: (news) => void link.ask((client) => client.publish(channel, news)),
  });
  const link = createRedisLink({
    url: toUrl(options),
    timeoutMs,
    onStatus,
    check: async (client) => {
      await client.subscribe(channel, shared.receive);
      await limits.check(client);
    },
  });
  await link.begun;
  return {
    limits,
    shared,
    get isUp() {
      return link.isUp();
    },
    close() {
      shared.close();
      link.close();
    },
  };
}

function toUrl({ url, password }: RedisStateOptions): string {
  // Without the original error, which holds the URL, and so a password.
  const at = URL.parse(url);
  if (at === null || !/^rediss?:$/.test(at.protocol) || !/^(\/\d*)?$/.test(at.pathname))
    throw new TypeError("The URL of Redis is not of the form redis[s]://[user[:password]@]host[:port][/database].");
  if (password !== undefined && at.password === "") at.password = encodeURIComponent(password);
  return at.href;
}
