import { ProviderError } from "@llamaduct/core";
import { createAffinity } from "./affinity.ts";
import { type AfterFailure, afterFailure } from "./after-failure.ts";
import type { BalancedRequest, Trip } from "./balanced-request.ts";
import { type Chosen, choose } from "./choose.ts";
import type { Clock } from "./clock.ts";
import type { LimitStore } from "./limit-store.ts";
import { createLimitUse } from "./limit-use.ts";
import type { Candidate, Member } from "./member.ts";
import { createMeter } from "./meter.ts";
import { createModelRows } from "./model-rows.ts";
import { pause } from "./pause.ts";
import type { MemberRecord } from "./record.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { RoutingOptions } from "./routing-options.ts";
import type { SharedState } from "./shared-state.ts";
import type { Strategies } from "./strategies.ts";
import type { Conversation } from "./to-conversation.ts";

export interface AskGroupOptions {
  readonly records: ReadonlyMap<string, MemberRecord>;
  readonly options: RoutingOptions;
  readonly strategyOf: Strategies["strategyOf"];
  readonly budget: RetryBudget;
  readonly limits: LimitStore;
  readonly shared: SharedState;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A group that a name led to. */
export interface AskedGroup<Of extends Member> {
  readonly group: string;
  readonly model: string;
  readonly candidates: readonly Candidate<Of>[];
  /** Another group is asked when this one fails. */
  readonly hasFallbacks: (error: ProviderError) => boolean;
}

/** Asks the deployments of one group, tier by tier, until one begins to answer. Throws its last failure. */
export type AskGroup<Of extends Member> = <Begun>(asked: AskedGroup<Of>, trip: Trip<Of, Begun>) => Promise<Begun>;

export function createAskGroup<Of extends Member>(setup: AskGroupOptions): AskGroup<Of> {
  const { records, options, strategyOf, budget, limits, shared, clock, random } = setup;
  const rowOf = createModelRows();
  const affinity = createAffinity(options.affinityTtlMs ?? 3_600_000, clock.now);

  return async function askGroup<Begun>(asked: AskedGroup<Of>, trip: Trip<Of, Begun>): Promise<Begun> {
    const { group, candidates } = asked;
    const { request } = trip;
    const favourite = toFavourite(asked, request);
    const failed = new Set<string>();
    let tier = Number.NEGATIVE_INFINITY;
    let retries = 0;
    let last: { readonly error: ProviderError; readonly after: AfterFailure } | undefined;

    const next = (): Chosen<Of> | ProviderError =>
      choose<Of>({
        group,
        candidates,
        records,
        rowOf,
        failed,
        aboveOrder: last?.after.mayAskOther === false ? tier : Number.NEGATIVE_INFINITY,
        request,
        options,
        ...strategyOf(group),
        favouriteId: favourite?.id,
        shared,
        now: clock.now(),
        random,
      });

    for (;;) {
      request.signal?.throwIfAborted();
      const first = next();
      const waitMs = first instanceof ProviderError ? last?.after.againMs : undefined;
      if (first instanceof ProviderError && waitMs === undefined) throw last?.error ?? first;
      const isRetry = last !== undefined && (waitMs !== undefined || !last.after.isFree);
      const go = async () => {
        if (waitMs !== undefined) {
          await pause(waitMs, clock, request.signal);
          failed.clear();
        }
        const chosen = waitMs === undefined ? first : next();
        if (chosen instanceof ProviderError) throw last?.error ?? chosen;
        if (chosen.order > tier) [tier, retries] = [chosen.order, 0];
        else if (isRetry) retries++;
        return { chosen, ...(await askOne(chosen, asked, trip)) };
      };
      const result = isRetry ? await budget.retry(go) : await go();
      const { id, routing } = result.chosen.candidate.member;
      if ("begun" in result) {
        if (favourite !== undefined) affinity.set(favourite.key, id);
        return result.begun;
      }
      const { error, isRefusal } = result;
      failed.add(id);
      const after = afterFailure(error, {
        group,
        asked: request.retries,
        ofDeployment: routing?.retries,
        retries,
        hasBudget: budget.hasRoom(),
        isRefusal,
        hasFallbacks: asked.hasFallbacks(error),
        options,
        random,
      });
      if (after === undefined) throw error;
      last = { error, after };
    }
  };

  /** Throws what is no deployment's failure. */
  async function askOne<Begun>(
    { record, candidate }: Chosen<Of>,
    { group, model, candidates }: AskedGroup<Of>,
    trip: Trip<Of, Begun>,
  ): Promise<{ readonly begun: Begun } | { readonly error: ProviderError; readonly isRefusal: boolean }> {
    const { signal, caller, tokens, contextLength } = trip.request;
    const { id } = candidate.member;
    const limit = createLimitUse({ record, limits, isEnforced: options.enforceRateLimits === true, tokens });
    const meter = createMeter({
      record,
      modelId: candidate.modelId,
      contextLength: contextLength?.(candidate),
      caller,
      alone: candidates.length === 1,
      now: clock.now,
      onBusy: () => shared.setBusy(id, record.slots.busy),
      onTokens: limit.addTokens,
    });
    record.health.pass();
    let isAsked = false;
    try {
      await limit.use();
      isAsked = true;
      record.usage.addRequest();
      const [attempts, { fallbacks }, { layer, hold }] = [++trip.attempts, trip, meter];
      return { begun: await trip.attempt({ candidate, group, model, attempts, fallbacks, layer, hold }) };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!(error instanceof ProviderError)) throw error;
      return { error, isRefusal: !isAsked || meter.isRefused };
    } finally {
      meter.settle();
    }
  }

  function toFavourite({ group, candidates }: AskedGroup<Of>, request: BalancedRequest<Of>): Favourite | undefined {
    if (candidates.length === 1 || options.affinityTtlMs === 0) return undefined;
    const conversation = toConversation(request);
    if (conversation === undefined) return undefined;
    const key = JSON.stringify([group, request.caller, conversation.key]);
    return { key, id: conversation.isContinued ? affinity.get(key) : undefined };
  }
}

/** A conversation, and who served it before. */
interface Favourite {
  readonly key: string;
  readonly id: string | undefined;
}

function toConversation<Of extends Member>({ session, conversation }: BalancedRequest<Of>): Conversation | undefined {
  return session === undefined ? conversation?.() : { key: session, isContinued: true };
}
