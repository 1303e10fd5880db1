import { setTimeout as sleep } from "node:timers/promises";
import { heldRequests, openDescriptors, settled } from "../proxy-process.ts";
import { type Bound, between, most, none } from "./bounds.ts";
import { type Gateway, KEY, startGateway } from "./gateway.ts";
import type { Delay, Memory } from "./inspector.ts";
import { KINDS } from "./kinds.ts";
import { slope } from "./slope.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";
import { type Counts, startTraffic } from "./traffic.ts";

export interface MixedOptions {
  readonly minutes: number;
  /** Requests a second. Default: half of what the machine can do at most, which is measured first. */
  readonly rate?: number | undefined;
  /** The inspector's. */
  readonly debugPort: number;
}

export interface MixedResult {
  readonly minutes: number;
  /** Answers a second, as many as went at a time. `undefined`: the rate was given. */
  readonly peak: number | undefined;
  /** Requests a second. */
  readonly rate: number;
  readonly counts: Counts;
  readonly restarts: number;
  readonly reloads: number;
  /** After the warm-up, now and then, and at the end: everything ended, garbage collected. */
  readonly checkpoints: readonly Checkpoint[];
  /** MB an hour, after the warm-up. */
  readonly slopes: { readonly rss: number; readonly heap: number };
  readonly eventLoopDelayMs: Delay;
  readonly bounds: readonly Bound[];
}

interface Checkpoint extends Memory {
  readonly minute: number;
  readonly descriptors: number;
  readonly held: number;
  readonly resources: Readonly<Record<string, number>>;
}

const CONCURRENCY = 48;
const PEAK_MS = 10_000;
const RESTART_EVERY_MS = 20_000;
const DOWN_MS = 300;
/** The proxy may still find a dead connection in its pool. */
const SPARE_MS = 500;
const RELOAD_EVERY_MS = 15_000;
/** Longer than pooled connections to upstreams live. */
const SETTLE_MS = 6_000;
const CHECKPOINTS = 6;
const CHECKPOINT_EVERY_MINUTES = 5;
const WARM_UP_MINUTES = 10;
/** Before that, what is left of the warm-up is most of a slope. */
const SLOPE_COUNTS_FROM_MINUTES = 60;

/** Everything that teams send, for so many minutes, while upstreams restart and the config is read again. */
export async function mixed({ minutes, rate: given, debugPort }: MixedOptions): Promise<MixedResult> {
  const upstreams = [await startStandIn(), await startStandIn()];
  const gateway = await startGateway(
    upstreams.map(({ url }) => url),
    debugPort,
  );
  const outages: { readonly from: number; to: number }[] = [];
  const traffic = startTraffic({
    url: gateway.url,
    wasDown: (from, to) => outages.some((outage) => outage.from < to && from < outage.to + SPARE_MS),
  });
  const peak = given === undefined ? Math.round(await traffic.peak(CONCURRENCY, PEAK_MS)) : undefined;
  const rate = given ?? Math.floor((peak ?? 0) / 2);
  const started = performance.now();
  const until = started + minutes * 60_000;
  const checkpoints: Checkpoint[] = [];
  let [restarts, reloads] = [0, 0];
  const checkpoint = async () => {
    traffic.setRate(0);
    await traffic.quiet();
    await sleep(SETTLE_MS);
    checkpoints.push(await measure(gateway, (performance.now() - started) / 60_000));
    traffic.setRate(rate);
  };

  // Until then code is compiled and caches fill.
  traffic.setRate(rate);
  let next = started + Math.min(WARM_UP_MINUTES, minutes / 5) * 60_000;
  const step = (until - next) / Math.max(CHECKPOINTS, Math.floor(minutes / CHECKPOINT_EVERY_MINUTES));
  let [restartAt, reloadAt] = [started + RESTART_EVERY_MS, started + RELOAD_EVERY_MS];
  while (performance.now() < until) {
    await sleep(100);
    const now = performance.now();
    if (gateway.ended() !== undefined) throw new Error(`The proxy ended: ${gateway.ended()}`);
    if (now > restartAt) {
      await restart(upstreams[restarts % 2], outages);
      restarts += 1;
      restartAt = now + RESTART_EVERY_MS;
    }
    if (now > reloadAt) {
      gateway.reload();
      reloads += 1;
      reloadAt = now + RELOAD_EVERY_MS;
    }
    if (now > next) {
      await checkpoint();
      if (checkpoints.length === 1) await gateway.inspector.eventLoopDelay();
      next = now + step;
    }
  }
  const eventLoopDelayMs = await gateway.inspector.eventLoopDelay();
  await checkpoint();
  await traffic.close();
  const { complaints } = gateway;
  await gateway.stop();
  for (const upstream of upstreams) await upstream.close();
  const slopes = { rss: slopeOf(checkpoints, "rss"), heap: slopeOf(checkpoints, "heapUsed") };
  return {
    minutes,
    peak,
    rate,
    counts: traffic.counts,
    restarts,
    reloads,
    checkpoints,
    slopes,
    eventLoopDelayMs,
    bounds: [
      ...toBounds(checkpoints, traffic.counts, complaints),
      ...(minutes < SLOPE_COUNTS_FROM_MINUTES ? [] : [most("RSS, MB more an hour", slopes.rss, 2)]),
    ],
  };
}

async function restart(upstream: StandIn | undefined, outages: { readonly from: number; to: number }[]): Promise<void> {
  const outage = { from: performance.now(), to: Number.POSITIVE_INFINITY };
  outages.push(outage);
  await upstream?.restart(DOWN_MS);
  outage.to = performance.now();
}

async function measure({ url, pid, inspector }: Gateway, minute: number): Promise<Checkpoint> {
  const held = await settled(
    () => heldRequests(url, KEY),
    (count) => count === 0,
  );
  const memory = await inspector.memory();
  return {
    minute: Math.round(minute * 10) / 10,
    ...memory,
    descriptors: openDescriptors(pid),
    held,
    resources: await inspector.resources(),
  };
}

function toBounds(checkpoints: readonly Checkpoint[], counts: Counts, complaints: readonly string[]): readonly Bound[] {
  const [first, last] = [checkpoints[0], checkpoints.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("There are two checkpoints at least.");
  const timers = ({ resources }: Checkpoint) => resources["Timeout"] ?? 0;
  const sockets = ({ resources }: Checkpoint) => resources["TCPSocketWrap"] ?? 0;
  return [
    between("heap after collection, of that after the warm-up", last.heapUsed / first.heapUsed, 0.95, 1.05),
    between("descriptors more than after the warm-up", last.descriptors - first.descriptors, -5, 5),
    most("requests still held", last.held, 0),
    most("timers more than after the warm-up", timers(last) - timers(first), 2),
    most("sockets more than after the warm-up", sockets(last) - sockets(first), 5),
    between("kinds of requests that were answered", Object.keys(counts.answered).length, KINDS.length, KINDS.length),
    none("errors that no restart explains", counts.unexplained),
    most("lines of the log that blame the proxy", complaints.length, 0),
  ];
}

/** MB an hour. */
function slopeOf(checkpoints: readonly Checkpoint[], key: "rss" | "heapUsed"): number {
  const found = slope(checkpoints.map((checkpoint) => ({ x: checkpoint.minute / 60, y: checkpoint[key] / 2 ** 20 })));
  return Math.round(found * 100) / 100;
}
