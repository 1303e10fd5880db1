import type { LoadedModel } from "@llamaduct/core";
import type { LoadingModel } from "./host.ts";
import type { MemberRecord } from "./record.ts";

/** How one member is, from memory. */
export interface MemberState {
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

export function toMemberState(record: MemberRecord, now: number): MemberState {
  const { member, health, host, inFlight, queued } = record;
  const healthy = health.blockedMs() === 0;
  return {
    id: member.id,
    group: member.group,
    healthy,
    reason: healthy ? undefined : health.reason(),
    inFlight,
    queued,
    // The clock is monotonic: what it counts from is not 1970.
    seenAt: host.seenAt === undefined ? undefined : Math.round(Date.now() - (now - host.seenAt)),
    loaded: host.loaded,
    // The last one who leaves may have ended it.
    loading: host.busy > 0 ? host.loading : [],
  };
}
