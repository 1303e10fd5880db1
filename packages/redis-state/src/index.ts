export { createRedisState, type RedisState, type RedisStateOptions } from "./create-redis-state.ts";
export type { RedisStatus } from "./redis-link.ts";
