import { describe, expect, it } from "vitest";
import { createRecent } from "./create-recent.ts";
import type { RequestRecord } from "./request-record.ts";

/** Begins with a slice. */
const T = 1_800_000_000_000;

function chat(over: Partial<RequestRecord> = {}): RequestRecord {
  const what = { id: "r", method: "POST", route: "/v1/chat/completions", status: 200, outcome: "finished" } as const;
  return { ...what, startedAt: T, totalMs: 0, stream: false, ...over };
}

function recentAt(times: { now: number }) {
  return createRecent({ now: () => times.now });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("createRecent", () => {
  it("counts requests in the slice in which they ended", () => {
    const times = { now: T + 25_000 };
    const recent = recentAt(times);
    recent.record(chat({ totalMs: 9_999 }));
    recent.record(chat({ totalMs: 10_000 }));
    recent.record(chat({ totalMs: 12_000, outcome: "client_gone" }));
    recent.record(chat({ totalMs: 24_000, outcome: "failed", status: 502 }));
    const { requests, failed, lastSliceAt, sliceMs } = recent.snapshot().traffic;
    expect(requests).toHaveLength(180);
    expect(requests.slice(-3)).toEqual([1, 2, 1]);
    expect(failed.slice(-3)).toEqual([0, 0, 1]);
    expect([lastSliceAt, sliceMs]).toEqual([T + 20_000, 10_000]);
    expect(sum(requests)).toBe(4);
  });

  it("spreads tokens over the time in which they were written", () => {
    const recent = recentAt({ now: T + 35_000 });
    recent.record(chat({ totalMs: 30_000, firstPartMs: 5_000, outputTokens: 100 }));
    expect(recent.snapshot().traffic.outputTokens.slice(-4)).toEqual([20, 40, 40, 0]);
  });

  it("forgets what is older than half an hour, and never mixes it in", () => {
    const times = { now: T };
    const recent = recentAt(times);
    recent.record(chat());
    times.now = T + 179 * 10_000;
    expect(recent.snapshot().traffic.requests[0]).toBe(1);
    times.now += 10_000;
    expect(sum(recent.snapshot().traffic.requests)).toBe(0);
    recent.record(chat({ startedAt: times.now }));
    expect(recent.snapshot().traffic.requests.at(-1)).toBe(1);
  });

  it("takes an answer that took longer than it remembers, or whose slices are gone", () => {
    const recent = recentAt({ now: T + 3_606_000 });
    recent.record(chat({ totalMs: 3_605_000, outputTokens: 3_605 }));
    const { outputTokens } = recent.snapshot().traffic;
    expect(sum(outputTokens)).toBeCloseTo(1_795);
    recent.record(chat({ totalMs: 1_000, outputTokens: 5 }));
    expect(sum(recent.snapshot().traffic.outputTokens)).toBeCloseTo(1_795);
  });

  it("keeps the last 50 errors, newest first, with our own words", () => {
    const recent = recentAt({ now: T });
    for (let index = 0; index < 60; index++)
      recent.record(
        chat({ id: `r${index}`, totalMs: index, outcome: "failed", status: 502, errorCode: "upstream_busy" }),
      );
    recent.record(
      chat({ id: "last", outcome: "failed", status: 404, errorMessage: "There is no model x.", group: "x" }),
    );
    const { errors } = recent.snapshot();
    expect(errors).toHaveLength(50);
    expect(errors[0]).toMatchObject({ id: "last", at: T, status: 404, message: "There is no model x.", group: "x" });
    expect(errors.at(-1)).toMatchObject({ id: "r11", at: T + 11, code: "upstream_busy" });
  });

  it("leaves out what is no work of a model", () => {
    const recent = recentAt({ now: T });
    recent.record(chat({ method: "GET", route: "/v1/models", outcome: "failed", status: 502 }));
    const { traffic, errors } = recent.snapshot();
    expect([sum(traffic.requests), errors]).toEqual([0, []]);
  });
});
