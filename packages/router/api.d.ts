// index.d.ts
import { CallOptions, HostStatus, Middleware, Usage, LoadedModel, ModelInfo, Provider } from '@llamaduct/core';

/** LiteLLM's names, and `warm-first`: the host that has the model loaded. */
type Strategy = "simple-shuffle" | "least-busy" | "latency-based-routing" | "usage-based-routing" | "usage-based-routing-v2" | "warm-first";
/** Kinds of failure that policies tell apart, as LiteLLM names them without `Error`. */
type FailureKind = "BadRequest" | "Authentication" | "Timeout" | "RateLimit" | "InternalServer" | "ServiceUnavailable" | "BadGateway" | "NotFound";
/** How often, per kind of failure; what is absent falls through to the next place that says a number. */
type FailurePolicy = Readonly<Partial<Record<FailureKind | "Default", number>>>;
/** How the requests of every group are spread, and what happens when one fails. Times are milliseconds. */
interface RoutingOptions {
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
interface LatencyOptions {
    /** Default: 3 600 000. */
    readonly windowMs?: number | undefined;
    /** Share above the best that still counts as equal to it. Default: 0. */
    readonly buffer?: number | undefined;
    /** Default: 10. */
    readonly samples?: number | undefined;
}
interface TagOptions {
    readonly enabled: boolean;
    /** `true`: one shared tag suffices; `false`: the deployment has all of the request's. Default: true. */
    readonly matchAny?: boolean | undefined;
}
/** Requests that wait for a slot of a deployment. */
interface QueueOptions {
    /** Default: four times the concurrency, at most 256. 0: nobody waits. */
    readonly length?: number | undefined;
    /** Default: 30 000. */
    readonly deadlineMs?: number | undefined;
}
interface RoutingGroup {
    readonly name: string;
    readonly models: readonly string[];
    readonly strategy: Strategy;
    readonly latency?: LatencyOptions | undefined;
}
interface StatusOptions {
    /** Between two looks at a host, ±20 %. Default: 10 000. 0: hosts are not watched. */
    readonly intervalMs?: number | undefined;
}
/** What one deployment says of itself. Times are milliseconds. */
interface DeploymentRouting {
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

/** A deployment as the balancer knows it: one way to get an answer. */
interface Member {
    readonly id: string;
    /** What clients ask for. */
    readonly group: string;
    /** Who serves it. Members on one host share what is known of the host. */
    readonly host: string;
    readonly routing?: DeploymentRouting | undefined;
    /** The longest request that it takes, tokens. */
    readonly contextLength?: number | undefined;
    /** Asks the host how it is. Of several on one host the first one's is used. */
    readonly status?: ((options: CallOptions) => Promise<HostStatus>) | undefined;
}
/** A member that may answer a request, and the model it would do so with. */
interface Candidate<Of extends Member = Member> {
    readonly member: Of;
    readonly modelId: string;
}

/** Time as the router sees it; tests and simulations bring their own. */
interface Clock {
    /** Monotonic, milliseconds. */
    now(): number;
    /** Runs once after so many milliseconds; what it gives stops that. One in the background keeps no process alive. */
    after(ms: number, run: () => void, options?: {
        readonly background?: boolean | undefined;
    }): () => void;
}

/** A model on its way into memory. */
interface LoadingModel {
    readonly id: string;
    /** Milliseconds. */
    readonly forMs: number;
}

/**
 * What several processes tell each other of the same deployments. Reads are from memory: whoever implements it over a
 * network brings news in the background, and knows nothing while that is away.
 */
interface SharedState {
    /** A deployment is left alone here for so long. */
    cool(deploymentId: string, ms: number): void;
    /** How much longer others leave it alone; 0: they do not. */
    cooledMs(deploymentId: string): number;
    /** How many streams are on their way to it or from it here. */
    setBusy(deploymentId: string, count: number): void;
    /** How many there are elsewhere. */
    busyElsewhere(deploymentId: string): number;
}

interface ChooseRequest<Of extends Member> {
    /** Whether somebody can answer this kind of request at all; nobody is left out when nobody can. */
    readonly fits?: ((candidate: Candidate<Of>) => boolean) | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly tokens?: (() => number) | undefined;
    readonly contextLength?: ((candidate: Candidate<Of>) => number | undefined) | undefined;
}

/** Counts what one attempt has running at its deployment, and learns from how it goes. */
interface Meter {
    /**
     * Goes around the deployment's model, outside its deadlines: a stream waits for a slot and holds it to its end. It passes
     * every batch on as it is and minds the signal itself, so that it needs no guard of its own.
     */
    layer<Request>(): Middleware<Request>;
    /** The same for an answer without a stream. */
    hold<Result extends {
        readonly usage: Usage;
    }>(signal: AbortSignal | undefined, run: () => Promise<Result>): Promise<Result>;
    /** The attempt is over, or its streams have begun. */
    settle(): void;
    /** It failed since there was no slot: the deployment was not asked. */
    readonly isRefused: boolean;
}

interface Conversation {
    /** The same over all turns. */
    readonly key: string;
    /** An assistant has answered before. One-off requests with the same beginning are no conversation, and are spread. */
    readonly isContinued: boolean;
}
/** What a chat begins with, up to its first user's message, as a short text; `undefined` without one. */
declare function toConversation(messages: readonly {
    readonly role: string;
}[]): Conversation | undefined;

/** What is to be known of a request to route it; never what it asks. */
interface BalancedRequest<Of extends Member> extends ChooseRequest<Of> {
    /** What the client asked for. */
    readonly model: string;
    readonly signal?: AbortSignal | undefined;
    /** Who asks; queues are fair between callers, and conversations are theirs. */
    readonly caller?: string | undefined;
    /** A conversation by the client's own name for it. */
    readonly session?: string | undefined;
    /** One that shows in what it says. */
    readonly conversation?: (() => Conversation | undefined) | undefined;
    readonly retries?: number | undefined;
    /** In place of the configured ones; none: it may fail. */
    readonly fallbacks?: readonly string[] | undefined;
}
/** One deployment being asked. */
interface BalancedAttempt<Of extends Member> extends Pick<Meter, "layer" | "hold"> {
    readonly candidate: Candidate<Of>;
    readonly group: string;
    /** The name that led there. */
    readonly model: string;
    /** Of this request so far, this one included. */
    readonly attempts: number;
    /** Groups left behind so far. */
    readonly fallbacks: number;
}

/** One use of a limited thing. */
interface Use {
    /** What is limited: a key, a deployment. */
    readonly key: string;
    readonly amount: number;
    readonly limit: number;
    readonly windowMs: number;
}
interface Allowance {
    readonly allowed: boolean;
    /** Never negative. */
    readonly remaining: number;
    /** Until the window ends, milliseconds. */
    readonly resetMs: number;
}
/** Counters behind rate limits. The default lives in memory; one over Redis is shared by several processes. */
interface LimitStore {
    /** Counts `amount` when it fits, in one step; a refused use counts nothing. */
    use(use: Use): Promise<Allowance>;
    /** Counts `amount` whether or not it fits: what is known only afterwards, such as tokens. */
    add(use: Omit<Use, "limit">): Promise<void>;
}

/** How one member is, from memory. */
interface MemberState {
    readonly id: string;
    readonly group: string;
    /** It may be asked now. */
    readonly healthy: boolean;
    /** Why it may not, in our words. */
    readonly reason: string | undefined;
    /** Streams that hold a slot. */
    readonly inFlight: number;
    /** Streams that wait for one. */
    readonly queued: number;
    /** When its host last answered, milliseconds since 1970. */
    readonly seenAt: number | undefined;
    /** What the host has in memory; `undefined`: it does not tell. */
    readonly loaded: readonly LoadedModel[] | undefined;
    /** What requests have the host load now. */
    readonly loading: readonly LoadingModel[];
}

interface BalancerOptions<Of extends Member> {
    readonly members: readonly Of[];
    /** Who may answer to a name. Throws `model_not_found`. */
    readonly resolve: (name: string) => Group<Of>;
    readonly options?: RoutingOptions | undefined;
    /** Default: this process alone. */
    readonly limits?: LimitStore | undefined;
    readonly shared?: SharedState | undefined;
    readonly clock?: Clock | undefined;
    /** From 0 to 1. Default: `Math.random`. */
    readonly random?: (() => number) | undefined;
}
interface Group<Of extends Member> {
    /** What fallbacks, strategies and policies call it. */
    readonly name: string;
    /** At least one. */
    readonly candidates: readonly Candidate<Of>[];
}
/** Decides who answers, without knowing what was asked. */
interface Balancer<Of extends Member> {
    /**
     * Asks one deployment after the other until `attempt` resolves, which it may only do when the answer has begun. The
     * deployment's models must be wrapped in the attempt's `layer` (or called in its `hold`). Throws the first group's last
     * failure, or the signal's own reason.
     */
    run<Begun>(request: BalancedRequest<Of>, attempt: (attempt: BalancedAttempt<Of>) => Promise<Begun>): Promise<Begun>;
    /** How every member is, from memory. */
    states(): readonly MemberState[];
    /** What a member's host has, as it last said; `undefined`: it never did. */
    inventory(memberId: string): readonly ModelInfo[] | undefined;
    /** Stops watching hosts. */
    close(): void;
}
/** Begins to watch its members' hosts. Mistakes in the options throw here. */
declare function createBalancer<Of extends Member>(setup: BalancerOptions<Of>): Balancer<Of>;

interface MemoryLimitStoreOptions {
    /** A monotonic clock, milliseconds. Default: `performance.now`. */
    readonly now?: (() => number) | undefined;
}
/** Counters of this process alone. A window begins with its key's first use and forgets everything when it ends. */
declare function createMemoryLimitStore({ now }?: MemoryLimitStoreOptions): LimitStore;

interface RouterOptions {
    /** Default: `router`. */
    readonly id?: string | undefined;
    readonly deployments: readonly RoutedDeployment[];
    readonly routing?: RoutingOptions | undefined;
    /** Counters of enforced `rpm` and `tpm`. Default: this process alone. */
    readonly limits?: LimitStore | undefined;
    readonly shared?: SharedState | undefined;
    readonly clock?: Clock | undefined;
    /** From 0 to 1. Default: `Math.random`. */
    readonly random?: (() => number) | undefined;
}
/** One of the providers that answer. Those of one provider object are on one host. */
interface RoutedDeployment {
    readonly provider: Provider;
    /** The router's model. Equal names form a group. Default: every model that the provider has, by its own name. */
    readonly name?: string | undefined;
    /** The model at the provider. Default: the name that is asked for. */
    readonly modelId?: string | undefined;
    /** Default: its place among the deployments. */
    readonly id?: string | undefined;
    /** The longest request that it takes, tokens; for `preCallChecks`. */
    readonly contextLength?: number | undefined;
    readonly routing?: DeploymentRouting | undefined;
}
interface Router extends Provider {
    /** How every deployment is, from memory. */
    states(): readonly MemberState[];
    /** Stops watching hosts; calls that are under way go on. */
    close(): void;
}
/**
 * Several providers as one. A request goes to whom the strategy picks, and on to another one as long as nothing has been
 * answered; from then on the stream is that provider's own.
 */
declare function createRouter(options: RouterOptions): Router;

/** A rough guess at what a request's JSON comes to: four characters a token. Images are left out. */
declare function estimateTokens(value: unknown): number;

export { createBalancer, createMemoryLimitStore, createRouter, estimateTokens, toConversation };
export type { Allowance, BalancedAttempt, BalancedRequest, Balancer, BalancerOptions, Candidate, Clock, Conversation, DeploymentRouting, FailureKind, FailurePolicy, Group, LatencyOptions, LimitStore, LoadingModel, Member, MemberState, MemoryLimitStoreOptions, QueueOptions, RoutedDeployment, Router, RouterOptions, RoutingGroup, RoutingOptions, SharedState, StatusOptions, Strategy, TagOptions, Use };
