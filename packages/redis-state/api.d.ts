// index.d.ts
import { LimitStore, SharedState } from '@llamaduct/router';

type RedisStatus = {
    readonly isUp: true;
}
/** `reason` is a code of the system's or of Redis's, or a few words; never an address or a secret. */
 | {
    readonly isUp: false;
    readonly reason: string;
};

interface RedisStateOptions {
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
interface RedisState {
    readonly limits: LimitStore;
    readonly shared: SharedState;
    /** Whether the others are reached now. */
    readonly isUp: boolean;
    close(): void;
}
/** Settles once it is known how Redis is, after a second at most; goes on looking for one that is away. Throws for a bad URL. */
declare function createRedisState(options: RedisStateOptions): Promise<RedisState>;

export { createRedisState };
export type { RedisState, RedisStateOptions, RedisStatus };
