import type { CallOptions, HostStatus } from "@llamaduct/core";
import type { Clock } from "./clock.ts";
import { createHealth, type Health } from "./health.ts";
import { createHost, type Host } from "./host.ts";
import type { Member } from "./member.ts";
import type { DeploymentRouting, LatencyOptions, RoutingOptions } from "./routing-options.ts";
import type { SharedState } from "./shared-state.ts";
import { createSlots, type Slots } from "./slots.ts";
import { createUsage, type Usage } from "./usage.ts";

/** All that is kept of one deployment. */
export interface MemberRecord {
  readonly member: Member;
  readonly routing: DeploymentRouting;
  readonly patterns: readonly RegExp[];
  readonly host: Host;
  readonly health: Health;
  readonly slots: Slots;
  readonly usage: Usage;
  /** Streams of its own that hold a slot. */
  inFlight: number;
  /** Streams of its own that wait for one. */
  queued: number;
}

export interface RecordsOptions {
  readonly members: readonly Member[];
  readonly options: RoutingOptions;
  readonly latencyOf: (group: string) => LatencyOptions | undefined;
  readonly shared: SharedState;
  readonly clock: Clock;
  readonly random: () => number;
}

/** By deployment id. Hosts begin to be watched. Throws an `Error` for an id that stands twice and for a bad tag pattern. */
export function createRecords(options: RecordsOptions): ReadonlyMap<string, MemberRecord> {
  const { members, clock, random, shared } = options;
  const hosts = new Map<string, Host>();
  const pools = new Map<string, Slots>();
  const records = new Map<string, MemberRecord>();

  function hostOf(member: Member): Host {
    const intervalMs = options.options.status?.intervalMs ?? 10_000;
    const host =
      hosts.get(member.host) ??
      createHost({ index: hosts.size, status: statusOf(member.host), intervalMs, clock, random });
    hosts.set(member.host, host);
    return host;
  }

  function statusOf(host: string): ((options: CallOptions) => Promise<HostStatus>) | undefined {
    return members.find((member) => member.host === host && member.status !== undefined)?.status;
  }

  function slotsOf({ id, routing = {} }: Member, { serviceMs }: Usage): Slots {
    const { maxParallelRequests, queue } = options.options;
    const pool = routing.pool ?? `own ${id}`;
    const limit = routing.maxParallelRequests ?? maxParallelRequests;
    const slots = pools.get(pool) ?? createSlots({ limit, ...queue, clock, serviceMs });
    pools.set(pool, slots);
    return slots;
  }

  for (const member of members) {
    const { id, routing = {} } = member;
    if (records.has(id)) throw new Error(`Two deployments have the id "${id}".`);
    const host = hostOf(member);
    const usage = createUsage(clock.now, options.latencyOf(member.group));
    records.set(id, {
      member,
      routing,
      patterns: (routing.tagPatterns ?? []).map((source) => toPattern(source, id)),
      host,
      usage,
      health: createHealth({
        now: clock.now,
        random,
        host: host.breaker,
        routing,
        options: options.options,
        onOpen: (ms) => shared.cool(id, ms),
      }),
      slots: slotsOf(member, usage),
      inFlight: 0,
      queued: 0,
    });
  }
  return records;
}

function toPattern(source: string, id: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new Error(`Deployment "${id}": the tag pattern ${JSON.stringify(source)} is no regular expression.`, {
      cause: error,
    });
  }
}
