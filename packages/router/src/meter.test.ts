import { type Batch, ProviderError, type StreamModel } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { recordsOf } from "../test/choice-of.ts";
import { createMeter, type Meter, type MeterOptions } from "./meter.ts";
import type { MemberRecord } from "./record.ts";
import type { DeploymentRouting, RoutingOptions } from "./routing-options.ts";

function meterOf(routing: DeploymentRouting = {}, options: RoutingOptions = {}) {
  const [record] = recordsOf([{ routing }], options);
  if (record === undefined) throw new Error("no record");
  const clock = { now: 0 };
  const tokens: number[] = [];
  const meter = (more: Partial<MeterOptions> = {}) =>
    createMeter({
      record,
      modelId: "m",
      contextLength: 4096,
      caller: undefined,
      alone: false,
      now: () => clock.now,
      onBusy: () => {},
      onTokens: (count) => tokens.push(count),
      ...more,
    });
  return { record, clock, tokens, meter };
}

const start: Batch = [{ type: "start", modelId: "m", warnings: [] }];
const text: Batch = [{ type: "text-delta", text: "a" }];
const finish: Batch = [{ type: "finish", reason: "stop", usage: { inputTokens: 3, outputTokens: 4 } }];

/** A stream through the meter; `opened` counts how often the model was asked. */
function streamOf(meter: Meter, source: () => AsyncGenerator<Batch>) {
  const opened = { count: 0 };
  const model: StreamModel<object> = {
    provider: "p",
    modelId: "m",
    capabilities: () => {
      throw new Error("not asked");
    },
    stream() {
      opened.count++;
      return source();
    },
  };
  return { opened, open: () => meter.layer<object>()(model).stream({})[Symbol.asyncIterator]() };
}

async function drain(iterator: AsyncIterator<Batch>): Promise<number> {
  let batches = 0;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) batches++;
  return batches;
}

async function* answer(): AsyncGenerator<Batch> {
  yield* [start, text, finish];
}

const busyOf = ({ slots, host }: MemberRecord) => [slots.busy, host.busy];

describe("the meter", () => {
  it("O1: counts an attempt from the moment it is picked, and its first stream no second time", async () => {
    const { record, meter } = meterOf();
    const one = meter();
    expect(busyOf(record)).toEqual([1, 1]);
    const { open } = streamOf(one, answer);
    const [first, second] = [open(), open()];
    expect(busyOf(record)).toEqual([2, 2]);
    one.settle();
    expect(busyOf(record)).toEqual([2, 2]);
    await Promise.all([drain(first), drain(second)]);
    expect(busyOf(record)).toEqual([0, 0]);
  });

  it("gives an attempt back that was never sent, its trial too", () => {
    const { record, meter } = meterOf();
    record.host.breaker.open("away", () => 0);
    record.health.pass();
    const one = meter();
    expect(record.health.blockedMs()).toBeGreaterThan(0);
    one.settle();
    one.settle();
    expect(busyOf(record)).toEqual([0, 0]);
    expect(record.health.blockedMs()).toBe(0);
  });

  it("learns from an answer: tokens, times, what is in memory", async () => {
    const { record, clock, tokens, meter } = meterOf();
    const { open } = streamOf(meter(), async function* () {
      yield start;
      clock.now = 50;
      yield text;
      clock.now = 100;
      yield finish;
    });
    const iterator = open();
    await iterator.next();
    expect(record.host.model("m")).toMatchObject({ isLoaded: false, loadingSince: 0 });
    await iterator.next();
    expect(record.host.model("m")).toMatchObject({ isLoaded: true, contextLength: 4096 });
    await drain(iterator);
    expect(tokens).toEqual([7]);
    expect(record.usage.tokens(100)).toBe(7);
    expect(record.usage.latency(100)).toBe(0.1 / 4);
    expect(record.usage.loadMs()).toBe(50);
  });

  it("counts an answer whose reader stops at its finish as one", async () => {
    const { record, tokens, meter } = meterOf();
    const iterator = streamOf(meter(), answer).open();
    for (let batch = 0; batch < 3; batch++) await iterator.next();
    await iterator.return?.();
    expect(tokens).toEqual([7]);
    expect(busyOf(record)).toEqual([0, 0]);
  });

  it("learns from failures: a load that came to nothing, an answer that came too late", async () => {
    const { record, meter } = meterOf();
    const failing = (code: "upstream_error" | "upstream_first_byte_timeout") =>
      streamOf(meter(), async function* () {
        yield start;
        throw new ProviderError({ code, message: "It fails." });
      }).open();
    await expect(drain(failing("upstream_error"))).rejects.toThrow("It fails.");
    expect(record.host.model("m").loadingSince).toBeUndefined();
    expect(record.usage.latency(0)).toBeUndefined();
    await expect(drain(failing("upstream_first_byte_timeout"))).rejects.toThrow("It fails.");
    expect(record.usage.latency(0)).toBe(1000);
  });

  it("N6: a full queue is nobody's failure", async () => {
    const { record, meter } = meterOf({ maxParallelRequests: 1 }, { queue: { length: 0 } });
    const running = streamOf(meter(), answer).open();
    await running.next();
    const refused = meter();
    await expect(drain(streamOf(refused, answer).open())).rejects.toMatchObject({ code: "rate_limit_exceeded" });
    expect(refused.isRefused).toBe(true);
    expect(record.health.isBusy()).toBe(false);
    await running.return?.();
    expect(busyOf(record)).toEqual([0, 0]);
  });

  it("M4: who leaves while waiting never opens the upstream, also when his turn comes at that moment", async () => {
    const { record, meter } = meterOf({ maxParallelRequests: 1 });
    const running = streamOf(meter(), answer).open();
    await running.next();
    const { opened, open } = streamOf(meter(), answer);
    const waiting = open();
    const read = waiting.next();
    await Promise.all([running.return?.(), waiting.return?.()]);
    expect(await read).toMatchObject({ done: true });
    expect(opened.count).toBe(0);
    expect(record.slots).toMatchObject({ active: 0, waiting: 0 });
    expect(busyOf(record)).toEqual([0, 0]);
  });

  it("holds a slot for what has no stream", async () => {
    const { record, tokens, meter } = meterOf({ maxParallelRequests: 1 });
    const { promise, resolve } = Promise.withResolvers<{ usage: { inputTokens: number; outputTokens: number } }>();
    const first = meter().hold(undefined, () => promise);
    const client = new AbortController();
    const second = meter().hold(client.signal, () => promise);
    const third = meter().hold(undefined, () => promise);
    expect(record.slots).toMatchObject({ active: 1, waiting: 2 });
    client.abort(new Error("left"));
    await expect(second).rejects.toThrow("left");
    expect(record.slots).toMatchObject({ active: 1, waiting: 1 });
    resolve({ usage: { inputTokens: 1, outputTokens: 0 } });
    await Promise.all([first, third]);
    expect(record.slots).toMatchObject({ active: 0, waiting: 0 });
    expect(tokens).toEqual([1, 1]);
    expect(busyOf(record)).toEqual([0, 0]);
  });
});
