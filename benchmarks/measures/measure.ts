import type { Ask } from "../ask.ts";
import type { Gateway } from "../gateways.ts";
import { busyMs, cpuMs, GATEWAY_CPU, OTHERS_CPU, type Running } from "../processes.ts";

/** One figure of one gateway, taken in one way. */
export interface Measure {
  readonly unit: string;
  readonly better: "more" | "less";
  /** Of what CPU time is told, in microseconds. */
  readonly operation: string;
  /** Where a round takes long, the most of them. */
  readonly atMostRounds?: number | undefined;
  /** Checks an answer word by word, warms the gateway up, and finds out how much makes a sample. None of it is measured. */
  prepare(subject: Subject): Promise<Sampler>;
}

export interface Subject {
  readonly gateway: Gateway;
  readonly ask: Ask;
  readonly upstream: Running;
  /** The same in a process of its own, for what only a fresh one shows. */
  startAnother(): Promise<Gateway>;
}

export interface Sampler {
  sample(): Promise<Sample>;
  close(): void;
}

export interface Sample {
  /** In the measure's unit. */
  readonly value: number;
  /** CPU time of the gateway per operation, microseconds. */
  readonly cpuUs: number;
  /** Share of the gateway's CPU that it used itself. */
  readonly own: number;
  /** Share of that CPU that other programs used. */
  readonly foreign: number;
  /** Share of the other CPU that was used: by the load, the upstream, and whoever else is there. */
  readonly load: number;
}

export type Shares = Omit<Sample, "value" | "cpuUs"> & { readonly elapsedMs: number; readonly ownMs: number };

/** What both CPUs do while `work` runs. */
export async function watched(pid: number, work: () => Promise<void>): Promise<Shares> {
  const [own, gateway, others] = [cpuMs(pid), busyMs(GATEWAY_CPU), busyMs(OTHERS_CPU)];
  const startedAt = performance.now();
  await work();
  const elapsedMs = performance.now() - startedAt;
  const ownMs = cpuMs(pid) - own;
  return {
    elapsedMs,
    ownMs,
    own: ownMs / elapsedMs,
    foreign: Math.max(0, busyMs(GATEWAY_CPU) - gateway - ownMs) / elapsedMs,
    load: (busyMs(OTHERS_CPU) - others) / elapsedMs,
  };
}
