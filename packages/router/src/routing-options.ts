/** LiteLLM's names, and `warm-first`: the host that has the model loaded. */
export type Strategy =
  | "simple-shuffle"
  | "least-busy"
  | "latency-based-routing"
  | "usage-based-routing"
  | "usage-based-routing-v2"
  | "warm-first";

/** Kinds of failure that policies tell apart, as LiteLLM names them without `Error`. */
export type FailureKind =
  | "BadRequest"
  | "Authentication"
  | "Timeout"
  | "RateLimit"
  | "InternalServer"
  | "ServiceUnavailable"
  | "BadGateway"
  | "NotFound";

/** How often, per kind of failure; what is absent falls through to the next place that says a number. */
export type FailurePolicy = Readonly<Partial<Record<FailureKind | "Default", number>>>;

/** How the requests of every group are spread, and what happens when one fails. Times are milliseconds. */
export interface RoutingOptions {
  /** Default: `simple-shuffle`. */
  readonly strategy?: Strategy | undefined;
  readonly latency?: LatencyOptions | undefined;
  /** Retries within a group after the first attempt. Default: 2. */
  readonly retries?: number | undefined;
  /** Least wait before a retry on the same deployment. Default: 0. */
  readonly retryAfterMs?: number | undefined;
  readonly retryPolicy?: FailurePolicy | undefined;
  /** Per group name; what it does not say is `retryPolicy`'s. */
  readonly groupRetryPolicy?: Readonly<Record<string, FailurePolicy>> | undefined;
  /** Per group name (`*`: every group without its own), the groups asked after it, in order. */
  readonly fallbacks?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The same for requests that are too long for the group. */
  readonly contextWindowFallbacks?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Fallbacks followed for one request. Default: 5. */
  readonly maxFallbacks?: number | undefined;
  /** `false`: a deployment that fails is asked again at once. Default: true. */
  readonly cooldowns?: boolean | undefined;
  /** Default: 5000. */
  readonly cooldownMs?: number | undefined;
  /** Failures a minute that a deployment may have before it cools down. Absent: the breaker decides. */
  readonly allowedFails?: number | undefined;
  readonly allowedFailsPolicy?: FailurePolicy | undefined;
  /** Leaves out deployments whose context is too small for a request, before they are asked. Default: false. */
  readonly preCallChecks?: boolean | undefined;
  /** Makes `rpm` and `tpm` limits that refuse, not only weights. Default: false. */
  readonly enforceRateLimits?: boolean | undefined;
  readonly tags?: TagOptions | undefined;
  /** Concurrent requests per deployment that says none of its own. Default: no limit. */
  readonly maxParallelRequests?: number | undefined;
  readonly queue?: QueueOptions | undefined;
  /** How long a session prefers the deployment that served it; 0 switches stickiness off. Default: 3 600 000. */
  readonly affinityTtlMs?: number | undefined;
  /** Strategies of their own for sets of groups; no group stands in two. */
  readonly routingGroups?: readonly RoutingGroup[] | undefined;
  /** How hosts are watched. */
  readonly status?: StatusOptions | undefined;
}

export interface LatencyOptions {
  /** Default: 3 600 000. */
  readonly windowMs?: number | undefined;
  /** Share above the best that still counts as equal to it. Default: 0. */
  readonly buffer?: number | undefined;
  /** Default: 10. */
  readonly samples?: number | undefined;
}

export interface TagOptions {
  readonly enabled: boolean;
  /** `true`: one shared tag suffices; `false`: the deployment has all of the request's. Default: true. */
  readonly matchAny?: boolean | undefined;
}

/** Requests that wait for a slot of a deployment. */
export interface QueueOptions {
  /** Default: four times the concurrency, at most 256. 0: nobody waits. */
  readonly length?: number | undefined;
  /** Default: 30 000. */
  readonly deadlineMs?: number | undefined;
}

export interface RoutingGroup {
  readonly name: string;
  readonly models: readonly string[];
  readonly strategy: Strategy;
  readonly latency?: LatencyOptions | undefined;
}

export interface StatusOptions {
  /** Between two looks at a host, ±20 %. Default: 10 000. 0: hosts are not watched. */
  readonly intervalMs?: number | undefined;
}

/** What one deployment says of itself. Times are milliseconds. */
export interface DeploymentRouting {
  /** For `simple-shuffle`; weights win over `rpm`, `rpm` over `tpm`. */
  readonly weight?: number | undefined;
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  /** Tier: lower ones are tried first. */
  readonly order?: number | undefined;
  readonly maxParallelRequests?: number | undefined;
  /** Deployments of one pool share their slots and their queue: one host under several names. */
  readonly pool?: string | undefined;
  readonly retries?: number | undefined;
  /** 0: never cools down. */
  readonly cooldownMs?: number | undefined;
  readonly allowedFails?: number | undefined;
  readonly allowedFailsPolicy?: FailurePolicy | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Sources of regular expressions, matched against `Name: value` of a request's headers. */
  readonly tagPatterns?: readonly string[] | undefined;
}
