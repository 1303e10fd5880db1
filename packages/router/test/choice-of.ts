import { ProviderError } from "@llamaduct/core";
import type { ModelView } from "../src/host.ts";
import type { Choice } from "../src/pick.ts";
import { createRecords, type MemberRecord } from "../src/record.ts";
import type { DeploymentRouting, RoutingOptions } from "../src/routing-options.ts";
import { NOT_SHARED } from "../src/shared-state.ts";
import { virtualClock } from "./virtual-clock.ts";

export interface TestMember {
  readonly routing?: DeploymentRouting;
  readonly contextLength?: number;
  readonly busy?: number;
  /** Streams that wait for a slot. */
  readonly waiting?: number;
  readonly saidBusy?: boolean;
  readonly view?: Partial<ModelView>;
}

/** Records of members `a`, `b`, …, each on a host of its own. */
export function recordsOf(members: readonly TestMember[], options: RoutingOptions = {}): readonly MemberRecord[] {
  const records = createRecords({
    members: members.map(({ routing, contextLength }, index) => {
      const id = String.fromCharCode(97 + index);
      return { id, group: "m", host: id, routing, contextLength };
    }),
    options,
    latencyOf: () => options.latency,
    shared: NOT_SHARED,
    clock: virtualClock(),
    random: () => 0.5,
  });
  return [...records.values()].map((record, index) => {
    const { busy = 0, waiting = 0, saidBusy = false } = members[index] ?? {};
    for (let place = 0; place < waiting; place++) {
      const ticket = () => ({ caller: undefined, served: false });
      record.slots.take(ticket());
      record.slots.wait(ticket());
    }
    const error = new ProviderError({ code: "upstream_busy", message: "Busy.", retryAfterMs: 1000 });
    if (saidBusy) record.health.failed(error, { alone: false });
    record.slots.busy = busy;
    return record;
  });
}

export function choicesOf(members: readonly TestMember[], options?: RoutingOptions): readonly Choice[] {
  return recordsOf(members, options).map((record, index) => ({
    record,
    view: Object.assign(record.host.model("m"), members[index]?.view),
  }));
}
