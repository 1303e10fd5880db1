import { getEventListeners } from "node:events";
import type { CallOptions } from "@llamaduct/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { within } from "./within.ts";

const untilAborted = ({ signal }: CallOptions) =>
  new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason));
  });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("within", () => {
  it("ends a call that takes longer", async () => {
    const late = within(50, {}, untilAborted);
    const failed = expect(late).rejects.toMatchObject({
      code: "upstream_total_timeout",
      message: "The model did not finish within 50 ms.",
    });
    await vi.advanceTimersByTimeAsync(49);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await failed;
  });

  it.each(["before", "during"])("passes the caller's own reason on, aborted %s the call", async (when) => {
    const [stop, reason] = [new AbortController(), new Error("mine")];
    if (when === "before") stop.abort(reason);
    const failed = expect(within(50, { signal: stop.signal }, untilAborted)).rejects.toBe(reason);
    stop.abort(reason);
    await failed;
  });

  it.each<[string, () => Promise<string>]>([
    ["an answer", async () => "done"],
    ["a failure", () => Promise.reject(new Error("failed"))],
  ])("leaves neither timer nor listener behind after %s", async (_, run) => {
    const { signal } = new AbortController();
    const outcome = await within(50, { signal }, run).catch((error) => error.message);
    expect(outcome).toMatch(/done|failed/);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
