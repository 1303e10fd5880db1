import { ProviderError } from "@llamaduct/core";
import { isMissing } from "./host.ts";
import type { Candidate, Member } from "./member.ts";
import type { ModelRow } from "./model-rows.ts";
import { type Choice, pick } from "./pick.ts";
import type { MemberRecord } from "./record.ts";
import type { LatencyOptions, RoutingOptions, Strategy } from "./routing-options.ts";
import type { SharedState } from "./shared-state.ts";

export interface ChooseOptions<Of extends Member> {
  readonly group: string;
  readonly candidates: readonly Candidate<Of>[];
  readonly records: ReadonlyMap<string, MemberRecord>;
  readonly rowOf: (modelId: string) => ModelRow;
  /** Ids that have failed this request. */
  readonly failed: ReadonlySet<string>;
  /** Tiers up to this one are done with. */
  readonly aboveOrder: number;
  readonly request: ChooseRequest<Of>;
  readonly options: RoutingOptions;
  readonly strategy: Strategy;
  readonly latency: LatencyOptions | undefined;
  /** The deployment that served this conversation. */
  readonly favouriteId: string | undefined;
  readonly shared: SharedState;
  readonly now: number;
  readonly random: () => number;
}

export interface ChooseRequest<Of extends Member> {
  /** Whether somebody can answer this kind of request at all; nobody is left out when nobody can. */
  readonly fits?: ((candidate: Candidate<Of>) => boolean) | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly tokens?: (() => number) | undefined;
  readonly contextLength?: ((candidate: Candidate<Of>) => number | undefined) | undefined;
}

export interface Chosen<Of extends Member> extends Choice {
  readonly candidate: Candidate<Of>;
  readonly order: number;
}

/** Who is asked next, or why nobody is. Every step only leaves out; the strategy picks among those who are left. */
export function choose<Of extends Member>(options: ChooseOptions<Of>): Chosen<Of> | ProviderError {
  const { group, records, rowOf, failed, aboveOrder, request, shared, now, favouriteId } = options;
  const tagged = byTags(options);
  if (tagged.length === 0) return noTags(group);
  const able = request.fits === undefined ? tagged : preferring(tagged, request.fits);
  const fitting = byContext(able, options);
  // It compares a queue here with loading there.
  const weighsQueues = options.strategy === "warm-first";
  if (fitting.length === 0) return tooLong(group);

  let choices: Chosen<Of>[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  let blockedMs = Number.POSITIVE_INFINITY;
  let reason: string | undefined;
  let row: ModelRow = [];
  let rowId: string | undefined;
  // One pass over what may be a hundred hosts.
  for (const candidate of fitting) {
    const { member, modelId } = candidate;
    const record = records.get(member.id);
    if (record === undefined || (failed.size > 0 && failed.has(member.id))) continue;
    const { order = LAST_TIER } = record.routing;
    if (order <= aboveOrder) continue;
    const blocked = Math.max(record.health.blockedMs(), shared.cooledMs(member.id));
    if (blocked > 0) {
      if (blocked < blockedMs) [blockedMs, reason] = [blocked, record.health.reason()];
      continue;
    }
    if (modelId !== rowId) [row, rowId] = [rowOf(modelId), modelId];
    let view = row[record.host.index];
    if (view === undefined) {
      view = record.host.model(modelId);
      row[record.host.index] = view;
    }
    const rank = (isMissing(view, now) ? MISSING : 0) + order * ORDER + trouble(record, weighsQueues);
    if (rank > lowest) continue;
    if (rank < lowest) choices = [];
    lowest = rank;
    choices.push({ candidate, record, view, order });
  }
  if (choices.length === 0) return noneHealthy(group, blockedMs, reason);

  const favourite =
    favouriteId === undefined ? undefined : choices.find(({ record }) => record.member.id === favouriteId);
  return pick<Chosen<Of>>(choices, {
    strategy: options.strategy,
    latency: options.latency,
    now,
    random: options.random,
    busyElsewhere: shared.busyElsewhere,
    contextLength: ({ candidate }) => request.contextLength?.(candidate),
    favourite,
  });
}

/**
 * What speaks against a candidate, the worst first: it is known not to have the model, its tier is a later one, it has just
 * said that it is busy, it has no free slot, it has no room in its queue. Only those of the lowest rank are picked from.
 */
const MISSING = 1e15;
const ORDER = 8;
const SAID_BUSY = 4;
const NO_FREE_SLOT = 2;
const NO_ROOM = 1;
/** Of deployments that name no tier. */
const LAST_TIER = 1e9;

function trouble({ health, slots }: MemberRecord, weighsQueues: boolean): number {
  const isFree = slots.limit === undefined || slots.busy < slots.limit;
  const queue = isFree ? 0 : (weighsQueues ? 0 : NO_FREE_SLOT) + (slots.hasRoom() ? 0 : NO_ROOM);
  return (health.isBusy() ? SAID_BUSY : 0) + queue;
}

/** Those that fit; all, when none does. */
function preferring<Of>(choices: readonly Of[], fits: (choice: Of) => boolean): readonly Of[] {
  if (choices.every(fits)) return choices;
  const fitting = choices.filter(fits);
  return fitting.length > 0 ? fitting : choices;
}

/**
 * LiteLLM's tag routing: a request with tags goes to deployments that share one (or have all), else to those tagged
 * `default`; one without goes to those tagged `default`, else anywhere.
 */
function byTags<Of extends Member>(options: ChooseOptions<Of>): readonly Candidate<Of>[] {
  const { candidates, records, request, options: routing } = options;
  if (routing.tags?.enabled !== true) return candidates;
  const lines = Object.entries(request.headers ?? {}).flatMap(toLines);
  const { tags = [] } = request;
  const matches = ({ member }: Candidate<Of>): boolean => {
    const record = records.get(member.id);
    const own = record?.routing.tags ?? [];
    if (record?.patterns.some((pattern) => lines.some((line) => pattern.test(line)))) return true;
    if (tags.length === 0) return false;
    return routing.tags?.matchAny === false
      ? tags.every((tag) => own.includes(tag))
      : tags.some((tag) => own.includes(tag));
  };
  const matching = candidates.filter(matches);
  if (matching.length > 0) return matching;
  const byDefault = candidates.filter(({ member }) => member.routing?.tags?.includes("default"));
  return byDefault.length > 0 || tags.length > 0 ? byDefault : candidates;
}

/** Patterns are written with the names that people know, and servers hand them on in lower case. */
function toLines([name, value]: readonly [string, string]): readonly string[] {
  const spelt = name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  return spelt === name ? [`${name}: ${value}`] : [`${spelt}: ${value}`, `${name}: ${value}`];
}

function byContext<Of extends Member>(
  candidates: readonly Candidate<Of>[],
  { options, request }: ChooseOptions<Of>,
): readonly Candidate<Of>[] {
  if (options.preCallChecks !== true || request.tokens === undefined) return candidates;
  const tokens = request.tokens();
  return candidates.filter(({ member }) => member.contextLength === undefined || tokens <= member.contextLength);
}

function noTags(group: string): ProviderError {
  const message = `No deployment of ${group} has the tags of this request.`;
  return new ProviderError({ code: "invalid_value", message, setting: "tags" });
}

function tooLong(group: string): ProviderError {
  const message = `The request is longer than every deployment of ${group} takes.`;
  return new ProviderError({ code: "context_length_exceeded", message, setting: "messages" });
}

function noneHealthy(group: string, blockedMs: number, reason: string | undefined): ProviderError {
  const retryAfterMs = Math.min(Number.isFinite(blockedMs) ? Math.ceil(blockedMs) : 1000, 30_000);
  const message = `Every deployment of ${group} has just failed; none is asked now.${reason === undefined ? "" : ` ${reason}`}`;
  return new ProviderError({ code: "no_healthy_upstream", message, retryAfterMs });
}
