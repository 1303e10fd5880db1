import { onTestFinished } from "vitest";
import { createRedisState, type RedisState, type RedisStateOptions, type RedisStatus } from "../src/index.ts";

export interface Connected extends RedisState {
  /** All there were, the last one last. */
  readonly statuses: readonly RedisStatus[];
}

/** Closed with the test. Waits longer than a proxy would: the machine may be busy. */
export async function connected(options: RedisStateOptions): Promise<Connected> {
  const statuses: RedisStatus[] = [];
  const state = await createRedisState({ timeoutMs: 2_000, onStatus: (each) => statuses.push(each), ...options });
  onTestFinished(() => state.close());
  return Object.assign(state, { statuses });
}
