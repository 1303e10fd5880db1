import { ProviderError } from "@llamaduct/core";
import type {
  BalancedAttempt,
  BalancedRequest,
  Balancer,
  Group,
  LimitStore,
  MemberState,
  RoutingOptions,
  SharedState,
} from "@llamaduct/router";
import { once } from "./once.ts";
import type { EngineMember } from "./to-members.ts";

export interface RoutingSetup {
  readonly members: readonly EngineMember[];
  readonly resolve: (name: string) => Group<EngineMember>;
  /** `undefined`: nobody has said how requests are spread, or over what. */
  readonly options: RoutingOptions | undefined;
  readonly limits: LimitStore | undefined;
  readonly shared: SharedState | undefined;
}

export interface RoutedRequest extends Omit<BalancedRequest<EngineMember>, "tokens" | "conversation"> {
  /** OpenAI's JSON. */
  readonly body: { readonly messages?: unknown };
  /** There is more to do than to ask the one deployment once. */
  readonly isSpecial: boolean;
}

export interface Routing extends Pick<Balancer<EngineMember>, "inventory" | "close"> {
  /** As `run` of a balancer. */
  run<Begun>(
    request: RoutedRequest,
    attempt: (attempt: BalancedAttempt<EngineMember>) => Promise<Begun>,
  ): Promise<Begun>;
  /** How every member is, from memory. */
  states(): readonly MemberState[];
  /** Loads the router and begins to watch hosts. */
  load(): Promise<unknown>;
}

/**
 * The router, loaded when there is something to route: at once where somebody has said how. Otherwise every name leads to
 * one deployment, which is asked; the router is loaded by the first request that says more, or fails, and deals with that
 * failure as if it had asked itself.
 */
export function createRouting(setup: RoutingSetup): Routing {
  const { members, resolve, options, limits, shared } = setup;
  const isPlain = options === undefined && limits === undefined && shared === undefined;
  let balancer: Balancer<EngineMember> | undefined;
  let isClosed = false;

  const load = once(async () => {
    const router = await import("@llamaduct/router");
    // Nobody who only calls a model has asked for requests in the background.
    const watching = isPlain ? { status: { intervalMs: 0 } } : options;
    balancer = router.createBalancer({ members, resolve, options: watching, limits, shared });
    if (isClosed) balancer.close();
    return { balancer, router };
  });

  async function balance<Begun>(
    { body, isSpecial, ...request }: RoutedRequest,
    attempt: (attempt: BalancedAttempt<EngineMember>) => Promise<Begun>,
  ): Promise<Begun> {
    const { balancer, router } = await load();
    const { messages } = body;
    const facts = {
      ...request,
      tokens: () => router.estimateTokens(body),
      conversation: () => (isMessages(messages) ? router.toConversation(messages) : undefined),
    };
    return balancer.run(facts, attempt);
  }

  /** A request that has failed once goes on in the router, which sees that failure first. */
  async function afterwards<Begun>(
    failure: ProviderError,
    request: RoutedRequest,
    attempt: (attempt: BalancedAttempt<EngineMember>) => Promise<Begun>,
  ): Promise<Begun> {
    let isSeen = false;
    try {
      return await balance(request, async (again) => {
        const isFirst = !isSeen;
        isSeen = true;
        if (isFirst) await again.hold(request.signal, () => Promise.reject(failure));
        return attempt(again);
      });
    } catch (error) {
      // Another request's failure may keep this one from being seen.
      throw isSeen ? error : failure;
    }
  }

  // Whoever asks first is told what is wrong with the options.
  if (!isPlain) load().catch(() => {});

  return {
    async run(request, attempt) {
      if (!isPlain || balancer !== undefined || request.isSpecial) return balance(request, attempt);
      const { name: group, candidates } = resolve(request.model);
      const [candidate, ...others] = candidates;
      if (candidate === undefined || others.length > 0) return balance(request, attempt);
      request.signal?.throwIfAborted();
      try {
        return await attempt({ candidate, group, model: request.model, attempts: 1, fallbacks: 0, ...UNMETERED });
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        if (!(error instanceof ProviderError)) throw error;
        return afterwards(error, request, attempt);
      }
    },
    states: () => balancer?.states() ?? members.map(toFreshState),
    inventory: (memberId) => balancer?.inventory(memberId),
    load,
    close() {
      isClosed = true;
      balancer?.close();
    },
  };
}

const UNMETERED: Pick<BalancedAttempt<EngineMember>, "layer" | "hold"> = {
  layer: () => (model) => model,
  hold: (_, work) => work(),
};

function toFreshState({ id, group }: EngineMember): MemberState {
  const unknown = { reason: undefined, seenAt: undefined, loaded: undefined };
  return { id, group, healthy: true, inFlight: 0, queued: 0, loading: [], ...unknown };
}

function isMessages(value: unknown): value is readonly { readonly role: string }[] {
  return Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null);
}
