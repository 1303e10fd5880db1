import { isLoadedWith, type ModelView } from "./host.ts";
import type { MemberRecord } from "./record.ts";
import type { LatencyOptions, Strategy } from "./routing-options.ts";

/** Somebody who may be asked. */
export interface Choice {
  readonly record: MemberRecord;
  readonly view: ModelView;
}

export interface PickOptions<Of extends Choice = Choice> {
  readonly strategy: Strategy;
  readonly latency: LatencyOptions | undefined;
  readonly now: number;
  readonly random: () => number;
  readonly busyElsewhere: (deploymentId: string) => number;
  /** The window that the request would have there, tokens; `undefined`: the host's own. */
  readonly contextLength: (choice: Of) => number | undefined;
  /** Served this conversation before, and can take it now. */
  readonly favourite: Of | undefined;
}

/** One of the choices, of which there is at least one. Equal ones are equally likely. */
export function pick<Of extends Choice>(choices: readonly Of[], options: PickOptions<Of>): Of {
  const { strategy, favourite, random, now } = options;
  if (favourite !== undefined && strategy !== "warm-first") return favourite;
  switch (strategy) {
    case "simple-shuffle":
      return shuffle(choices, random);
    case "least-busy":
      return least(choices, random, ({ record }) => record.slots.busy + options.busyElsewhere(record.member.id));
    case "usage-based-routing":
    case "usage-based-routing-v2":
      return least(within(choices, now), random, ({ record }) => record.usage.tokens(now));
    case "latency-based-routing":
      return fastest(within(choices, now), options);
    case "warm-first":
      return least(choices, random, (choice) => waitMs(choice, options) - (choice === favourite ? FAVOUR_MS : 0));
  }
}

/** By weight, else by `rpm`, else by `tpm`; where nobody has one, all alike. */
function shuffle<Of extends Choice>(choices: readonly Of[], random: () => number): Of {
  for (const weight of ["weight", "rpm", "tpm"] as const) {
    const sum = choices.reduce((sum, { record }) => sum + (record.routing[weight] ?? 0), 0);
    if (sum === 0) continue;
    let left = random() * sum;
    for (const choice of choices) {
      left -= choice.record.routing[weight] ?? 0;
      if (left < 0) return choice;
    }
  }
  return oneOf(choices, random);
}

/** Those with requests and tokens left in this minute; all, when none has: such limits steer, they do not refuse. */
function within<Of extends Choice>(choices: readonly Of[], now: number): readonly Of[] {
  if (!choices.some(({ record: { routing } }) => routing.rpm !== undefined || routing.tpm !== undefined))
    return choices;
  const left = choices.filter(({ record: { routing, usage } }) => {
    const { rpm, tpm } = routing;
    return (rpm === undefined || usage.requests(now) < rpm) && (tpm === undefined || usage.tokens(now) < tpm);
  });
  return left.length > 0 ? left : choices;
}

function fastest<Of extends Choice>(choices: readonly Of[], { latency, random, now }: PickOptions<Of>): Of {
  // Who has not answered yet comes first: how else would it become known?
  const latencies = choices.map(({ record }) => record.usage.latency(now) ?? 0);
  const most = Math.min(...latencies) * (1 + (latency?.buffer ?? 0));
  return oneOf(
    choices.filter((_, index) => (latencies[index] ?? 0) <= most),
    random,
  );
}

/** How much sooner another host has to answer to be worth a cold prompt cache. */
const FAVOUR_MS = 2000;
/** It takes others' places in memory and on the way there: where it counts once, busy hosts load without end. */
const LOADING = 2;
/** What is not known may turn out to be missing. */
const UNKNOWN_MS = 1000;
/** Others on the host slow an answer down; models in its memory may have to go. They break ties. */
const NEIGHBOUR_MS = 50;

/**
 * How long a request would wait there: for a slot, then for its model. That puts first who has the model loaded with the
 * right window and a slot free; a long queue there is left for a host that can load the model sooner.
 */
function waitMs<Of extends Choice>(choice: Of, { now, busyElsewhere, contextLength }: PickOptions<Of>): number {
  const { record, view } = choice;
  const { slots, usage, host, member } = record;
  const limit = slots.limit ?? 1;
  const ahead = Math.max(0, slots.busy + busyElsewhere(member.id) + 1 - limit);
  const neighbours = host.busy * NEIGHBOUR_MS;
  const queue = (ahead / limit) * usage.serviceMs() + neighbours;
  if (view.isLoaded && isLoadedWith(view, contextLength(choice))) return queue;
  if (view.loadingSince !== undefined) return queue + Math.max(0, usage.loadMs() - (now - view.loadingSince));
  const inMemory = (host.loaded?.length ?? 0) * NEIGHBOUR_MS;
  return queue + LOADING * usage.loadMs() + inMemory + (view.isThere === true ? 0 : UNKNOWN_MS);
}

function least<Of extends Choice>(choices: readonly Of[], random: () => number, cost: (choice: Of) => number): Of {
  let best: Of | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  let ties = 0;
  for (const choice of choices) {
    const own = cost(choice);
    if (own < lowest) {
      [best, lowest, ties] = [choice, own, 1];
    } else if (own === lowest && random() * ++ties < 1) best = choice;
  }
  return best ?? oneOf(choices, random);
}

function oneOf<Of>(choices: readonly Of[], random: () => number): Of {
  const chosen = choices[Math.floor(random() * choices.length)];
  if (chosen === undefined) throw new RangeError("There is nothing to pick from.");
  return chosen;
}
