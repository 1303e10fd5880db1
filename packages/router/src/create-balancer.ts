import { type ModelInfo, ProviderError } from "@llamaduct/core";
import { fallsBack } from "./after-failure.ts";
import { createAskGroup } from "./ask-group.ts";
import type { BalancedAttempt, BalancedRequest, Trip } from "./balanced-request.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createMemoryLimitStore } from "./create-memory-limit-store.ts";
import type { LimitStore } from "./limit-store.ts";
import type { Candidate, Member } from "./member.ts";
import { type MemberState, toMemberState } from "./member-state.ts";
import { createRecords } from "./record.ts";
import { createRetryBudget } from "./retry-budget.ts";
import type { RoutingOptions } from "./routing-options.ts";
import { NOT_SHARED, type SharedState } from "./shared-state.ts";
import { createStrategies } from "./strategies.ts";

export interface BalancerOptions<Of extends Member> {
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

export interface Group<Of extends Member> {
  /** What fallbacks, strategies and policies call it. */
  readonly name: string;
  /** At least one. */
  readonly candidates: readonly Candidate<Of>[];
}

/** Decides who answers, without knowing what was asked. */
export interface Balancer<Of extends Member> {
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
export function createBalancer<Of extends Member>(setup: BalancerOptions<Of>): Balancer<Of> {
  const { members, resolve, options = {}, shared = NOT_SHARED, clock = systemClock, random = Math.random } = setup;
  const limits = setup.limits ?? createMemoryLimitStore({ now: clock.now });
  const { strategyOf, latencyOf } = createStrategies(options);
  const records = createRecords({ members, options, latencyOf, shared, clock, random });
  const budget = createRetryBudget();
  const askGroup = createAskGroup<Of>({ records, options, strategyOf, budget, limits, shared, clock, random });
  const { maxFallbacks = 5 } = options;

  async function visit<Begun>(model: string, trip: Trip<Of, Begun>, visited: Set<string>): Promise<Begun> {
    const { signal } = trip.request;
    const { name: group, candidates } = resolve(model);
    visited.add(group);
    const hasFallbacks = (error: ProviderError) => fallbacksAfter(error, group, trip).length > 0;
    try {
      return await askGroup({ group, model, candidates, hasFallbacks }, trip);
    } catch (error) {
      if (signal?.aborted || !(error instanceof ProviderError) || !fallsBack(error)) throw error;
      for (const next of fallbacksAfter(error, group, trip)) {
        if (visited.has(next) || trip.fallbacks >= maxFallbacks) continue;
        visited.add(next);
        trip.fallbacks++;
        try {
          return await visit(next, trip, visited);
        } catch (failure) {
          // What the client is told is why the model that it asked for did not answer.
          if (signal?.aborted || !(failure instanceof ProviderError)) throw failure;
        }
      }
      throw error;
    }
  }

  function fallbacksAfter(error: ProviderError, group: string, trip: Trip<Of, unknown>): readonly string[] {
    const of = (lists: RoutingOptions["fallbacks"]) => lists?.[group] ?? lists?.["*"] ?? [];
    if (trip.request.fallbacks !== undefined) return trip.request.fallbacks;
    const isTooLong = error.code === "context_length_exceeded";
    if (isTooLong && options.contextWindowFallbacks !== undefined) return of(options.contextWindowFallbacks);
    return of(options.fallbacks);
  }

  return {
    run: (request, attempt) =>
      budget.request(() => visit(request.model, { request, attempt, attempts: 0, fallbacks: 0 }, new Set())),
    states: () => [...records.values()].map((record) => toMemberState(record, clock.now())),
    inventory: (memberId) => records.get(memberId)?.host.models,
    close() {
      for (const { host } of records.values()) host.close();
    },
  };
}
