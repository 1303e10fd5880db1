import type { LlamaductOptions } from "llamaduct";
import type { Limits } from "./limits.ts";

/** What a config file, or a command line without one, comes to. */
export interface ProxyConfig {
  readonly engine: LlamaductOptions;
  readonly server: ServerConfig;
  readonly report: ConfigReport;
}

/** How the server treats its clients: `general_settings`, and what `litellm_settings` says of the edge. */
export interface ServerConfig {
  readonly masterKey?: string | undefined;
  /** The operator wants to serve without a key, or with a publicly known one, wherever it listens. */
  readonly weakKeyAllowed?: boolean | undefined;
  readonly keys?: readonly KeyConfig[] | undefined;
  /** Replaces every other place where a key may stand. Lower case. */
  readonly keyHeader?: string | undefined;
  /** Asked for in place of what a request names. */
  readonly completionModel?: string | undefined;
  readonly embeddingModel?: string | undefined;
  readonly maxRequestBytes?: number | undefined;
  /** Default: `DEFAULT_LIMITS`. */
  readonly limits?: Limits | undefined;
  /** Requests at a time per key that says none of its own, and for the whole proxy. */
  readonly maxParallelRequests?: number | undefined;
  readonly globalMaxParallelRequests?: number | undefined;
  /** From which load on new requests are turned away. */
  readonly maxInFlight?: number | undefined;
  readonly overload?: OverloadConfig | undefined;
  /** A stream tells its usage although nobody asked. */
  readonly alwaysIncludeStreamUsage?: boolean | undefined;
  /** Headers that say who the end user is. Lower case. */
  readonly userHeaders?: readonly string[] | undefined;
  readonly forwardClientHeaders?: boolean | undefined;
  /** IP addresses that may call; absent: all. */
  readonly allowedIps?: readonly string[] | undefined;
  readonly trustForwardedFor?: boolean | undefined;
  /** Origins whose pages may ask, where a key is wanted; absent: every one. */
  readonly corsOrigins?: readonly string[] | undefined;
  readonly keepalive?: KeepaliveConfig | undefined;
  readonly redis?: RedisConfig | undefined;
}

export interface OverloadConfig {
  /** How late the event loop may be on average. Default: 500. */
  readonly delayMs?: number | undefined;
  /** Share of the heap's limit, and of the machine's or container's memory. Default: 0.95. */
  readonly memory?: number | undefined;
}

/** Comments into streams that are silent, milliseconds apart. 0: none. */
export interface KeepaliveConfig {
  readonly everyMs?: number | undefined;
  /** By a group's name, or a wildcard. */
  readonly models?: Readonly<Record<string, number>> | undefined;
}

/** A key beside the master key. */
export interface KeyConfig {
  readonly name: string;
  /** SHA-256 of the key in hex: the key itself is not kept. */
  readonly sha256: string;
  /** Names, wildcards or access groups it may use; absent: every one. */
  readonly models?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  readonly maxParallelRequests?: number | undefined;
}

export interface RedisConfig {
  readonly url: string;
  readonly password?: string | undefined;
  /** Before the name of everything there. */
  readonly namespace?: string | undefined;
}

/** What becomes of each key of a file. */
export interface ConfigReport {
  readonly findings: readonly Finding[];
}

export interface Finding {
  /** `changed`: honoured, in another way than LiteLLM's; `ignored`: has no effect. */
  readonly kind: "honoured" | "changed" | "ignored";
  /** File, line and key: `config.yaml:3 model_list[0].litellm_params.rpm`. */
  readonly at: string;
  /** What happens instead, one sentence; absent for what is simply honoured. */
  readonly message?: string | undefined;
}
