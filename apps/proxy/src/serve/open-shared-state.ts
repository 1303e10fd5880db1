import { createMemoryLimitStore, type LimitStore, type SharedState } from "@llamaduct/router";
import type { Logger } from "pino";
import { StartError } from "../cli/start-error.ts";
import type { RedisConfig } from "../config/proxy-config.ts";

/** What is kept from one configuration to the next, and with Redis by several proxies together. */
export interface ProxyState {
  readonly limits: LimitStore;
  readonly shared?: SharedState | undefined;
  /** Absent without Redis. */
  readonly isRedisUp?: (() => boolean) | undefined;
  close(): void;
}

/** Says in the log when Redis goes away and comes back. A URL of no use is a `StartError`. */
export async function openSharedState(
  redis: RedisConfig | undefined,
  logger: Pick<Logger, "info" | "warn">,
): Promise<ProxyState> {
  if (redis === undefined) return { limits: createMemoryLimitStore(), close: () => {} };
  // Not before it is wanted: most proxies run without Redis.
  const { createRedisState } = await import("@llamaduct/redis-state");
  const state = await createRedisState({
    ...redis,
    onStatus(status) {
      if (status.isUp) logger.info("Redis is there: limits, cooldowns and load are shared");
      else logger.warn({ reason: status.reason }, "Redis is away: this process counts for itself until it is back");
    },
  }).catch((error: unknown) => {
    throw new StartError(error instanceof Error ? error.message : String(error));
  });
  return { limits: state.limits, shared: state.shared, isRedisUp: () => state.isUp, close: state.close };
}
