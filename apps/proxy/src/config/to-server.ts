import { createHash } from "node:crypto";
import type { Environment } from "./fill-environment.ts";
import type { KeepaliveConfig, KeyConfig, OverloadConfig, RedisConfig, ServerConfig } from "./proxy-config.ts";
import type { Config } from "./schema/config-schema.ts";
import type { CacheParams } from "./schema/litellm-settings-schema.ts";
import type { KeyEntry, LlamaductSettings } from "./schema/llamaduct-schema.ts";
import type { Fault } from "./to-deployments.ts";
import { toLimits } from "./to-limits.ts";
import { toMs, withoutUndefined } from "./to-routing.ts";

/** `general_settings`, `llamaduct.keys` and where Redis is. */
export function toServer(config: Config, environment: Environment): ServerConfig {
  const general = config.general_settings ?? {};
  const mappings = general.user_header_mappings ?? [];
  const userHeaders = [mappings].flat().map(({ header_name }) => header_name.toLowerCase());
  if (general.user_header_name !== undefined) userHeaders.push(general.user_header_name.toLowerCase());
  return withoutUndefined<ServerConfig>({
    masterKey: general.master_key ?? (environment["LITELLM_MASTER_KEY"] || undefined),
    weakKeyAllowed: general.dangerously_permit_weak_or_unset_master_key,
    keys: config.llamaduct?.keys?.map(toKey),
    keyHeader: general.litellm_key_header_name?.toLowerCase(),
    completionModel: general.completion_model,
    embeddingModel: general.embedding_model,
    maxRequestBytes: general.max_request_size_mb && general.max_request_size_mb * 1024 * 1024,
    limits: toLimits(config),
    maxParallelRequests: general.max_parallel_requests,
    globalMaxParallelRequests: general.global_max_parallel_requests,
    maxInFlight: general.max_in_flight_requests_per_worker,
    overload: toOverload(config.llamaduct),
    alwaysIncludeStreamUsage: general.always_include_stream_usage,
    userHeaders: userHeaders.length === 0 ? undefined : userHeaders,
    forwardClientHeaders: general.forward_client_headers_to_llm_api,
    allowedIps: general.allowed_ips,
    trustForwardedFor: general.use_x_forwarded_for,
    keepalive: toKeepalive(config),
    redis: toRedis(config, environment),
  });
}

function toOverload({ overload }: LlamaductSettings = {}): OverloadConfig | undefined {
  return (
    overload && withoutUndefined<OverloadConfig>({ delayMs: toMs(overload.event_loop_delay), memory: overload.memory })
  );
}

/** A name or a key that is there twice would leave one of them without its limits. */
export function checkKeys({ llamaduct }: Config): readonly Fault[] {
  const keys = (llamaduct?.keys ?? []).map(toKey);
  return keys.flatMap(({ name, sha256 }, index): readonly Fault[] => {
    const before = keys.slice(0, index);
    const at = ["llamaduct", "keys", index];
    if (before.some((each) => each.name === name)) return [{ keys: [...at, "name"], message: "is another key's too" }];
    return before.some((each) => each.sha256 === sha256)
      ? [{ keys: at, message: "is a key that is there already" }]
      : [];
  });
}

/** As LiteLLM hashes keys, so that its hashes can be taken over. */
export function toSha256(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function toKey({ name, key, sha256, ...rest }: KeyEntry): KeyConfig {
  return withoutUndefined<KeyConfig>({
    name,
    sha256: sha256?.toLowerCase() ?? toSha256(key ?? ""),
    models: rest.models,
    expiresAt: rest.expires === undefined ? undefined : Date.parse(rest.expires),
    rpm: rest.rpm,
    tpm: rest.tpm,
    maxParallelRequests: rest.max_parallel_requests,
  });
}

function toKeepalive({ litellm_settings: general, model_list: list = [] }: Config): KeepaliveConfig | undefined {
  const everyMs = toMs(general?.sse_keepalive_ping_interval_seconds);
  const said = list.flatMap(({ model_name: name, litellm_params: { keepalive_seconds: seconds } }) =>
    seconds === undefined ? [] : [[name, seconds * 1000] as const],
  );
  if (everyMs === undefined && said.length === 0) return undefined;
  return withoutUndefined<KeepaliveConfig>({
    everyMs,
    models: said.length === 0 ? undefined : Object.fromEntries(said.reverse()),
  });
}

interface RedisAddress extends Omit<CacheParams, "type" | "port"> {
  readonly port?: number | string | undefined;
}

/** The router's own; else the cache's, which LiteLLM's router shares. */
function toRedis(
  { router_settings: router = {}, litellm_settings: general = {} }: Config,
  environment: Environment,
): RedisConfig | undefined {
  const { redis_url: url, redis_host: host, redis_port: port, redis_db: db, redis_password: password } = router;
  const cache = general.cache_params;
  const own = toRedisConfig({ url, host, port, db, password, namespace: cache?.namespace });
  if (own !== undefined || general.cache !== true || cache?.type !== "redis") return own;
  const { REDIS_URL, REDIS_HOST, REDIS_PORT, REDIS_PASSWORD } = environment;
  return toRedisConfig({
    ...cache,
    url: cache.url ?? (cache.host === undefined ? REDIS_URL || undefined : undefined),
    host: cache.host ?? (REDIS_HOST || undefined),
    port: cache.port ?? (REDIS_PORT || undefined),
    password: cache.password ?? (REDIS_PASSWORD || undefined),
  });
}

function toRedisConfig({ url, password, namespace, ...address }: RedisAddress): RedisConfig | undefined {
  if (url === undefined && address.host === undefined) return undefined;
  return withoutUndefined<RedisConfig>({ url: url ?? toUrl(address), password, namespace });
}

function toUrl({ host, port = 6379, db, username, ssl }: RedisAddress): string {
  const user = username === undefined ? "" : `${encodeURIComponent(username)}@`;
  const place = `${host?.includes(":") ? `[${host}]` : host}:${port}${db === undefined ? "" : `/${db}`}`;
  return `${ssl ? "rediss" : "redis"}://${user}${place}`;
}
