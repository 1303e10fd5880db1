import { ANSWER, LINES } from "./answer.ts";
import type { Gateway } from "./gateways.ts";
import { type Load, openLoad } from "./load.ts";
import { busyMs, cpuMs, GATEWAY_CPU } from "./processes.ts";

export interface Scenario {
  /** The stand-in's model. */
  readonly model: string;
  /** Answers per stream and sample: enough for half a second. */
  readonly times: number;
  /** The least that the median ratio may be. */
  readonly atLeast: number;
}

export interface Sample {
  readonly linesPerSecond: number;
  /** CPU time of the gateway per line, microseconds. */
  readonly cpuUs: number;
  /** Share of the gateway's CPU that it used itself. */
  readonly own: number;
  /** Share of that CPU that other programs used. */
  readonly foreign: number;
}

export interface Round {
  readonly floor: Sample;
  readonly us: Sample;
}

export interface Gateways {
  readonly floor: Gateway;
  readonly us: Gateway;
}

const STREAMS = 64;
const EXTRA_ROUNDS = 3;

/** Above this share the other programs have decided the figures. */
export const TOO_FOREIGN = 0.2;

/**
 * Rounds of both gateways in turn, the one that begins alternating, after one whose answers are read and not timed.
 * A few more are played when other programs disturb them; the least disturbed count.
 */
export async function measure(scenario: Scenario, gateways: Gateways, rounds: number): Promise<readonly Round[]> {
  const { model, times } = scenario;
  const floor = await openLoad(gateways.floor.target(model), STREAMS);
  const us = await openLoad(gateways.us.target(model), STREAMS);
  for (const load of [floor, us]) {
    await load.run(1, { inspect: checkAnswer });
    await load.run(times);
  }
  const sampleFloor = () => sample(gateways.floor, floor, times);
  const sampleUs = () => sample(gateways.us, us, times);
  const played: Round[] = [];
  const isCalm = (round: Round) => disturbance(round) <= TOO_FOREIGN;
  while (played.length < rounds + EXTRA_ROUNDS && played.filter(isCalm).length < rounds) {
    if (played.length % 2 === 0) played.push({ floor: await sampleFloor(), us: await sampleUs() });
    else played.push({ us: await sampleUs(), floor: await sampleFloor() });
  }
  floor.close();
  us.close();
  return played.toSorted((a, b) => disturbance(a) - disturbance(b)).slice(0, rounds);
}

/** Where there is no /proc nothing is known of it, so nothing is held against a round. */
function disturbance({ floor, us }: Round): number {
  return Math.max(floor.foreign, us.foreign) || 0;
}

async function sample({ pid }: Gateway, load: Load, times: number): Promise<Sample> {
  const [ownBefore, busyBefore, startedAt] = [cpuMs(pid), busyMs(GATEWAY_CPU), performance.now()];
  await load.run(times);
  const elapsedMs = performance.now() - startedAt;
  const ownMs = cpuMs(pid) - ownBefore;
  const busy = busyMs(GATEWAY_CPU) - busyBefore;
  const lines = STREAMS * times * LINES;
  return {
    linesPerSecond: (lines / elapsedMs) * 1000,
    cpuUs: (ownMs / lines) * 1000,
    own: ownMs / elapsedMs,
    foreign: Math.max(0, busy - ownMs) / elapsedMs,
  };
}

interface Event {
  readonly message?: { readonly content: string };
  readonly choices?: readonly { readonly delta: { readonly content?: string } }[];
}

/** Every word of the answer, through either gateway. */
function checkAnswer(body: string): void {
  const lines = body.split("\n").map((line) => line.replace(/^data: /, ""));
  const text = lines.filter((line) => line.startsWith("{")).map((line) => textOf(JSON.parse(line)));
  if (text.join("") === ANSWER) return;
  throw new Error(`The answer's text is not what the upstream sent; it begins: ${body.slice(0, 500)}`);
}

function textOf({ message, choices }: Event): string {
  return message?.content ?? choices?.[0]?.delta.content ?? "";
}
