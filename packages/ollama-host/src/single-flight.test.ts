import { expect, it } from "vitest";
import { createSingleFlight } from "./single-flight.ts";

/** Work that ends when it is told to, and remembers the signals it was given. */
function work() {
  const signals: AbortSignal[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = (signal: AbortSignal) => {
    signals.push(signal);
    signal.addEventListener("abort", () => reject(signal.reason));
    return promise;
  };
  return { run, signals, resolve, reject };
}

it("runs once for all who ask meanwhile, and anew afterwards", async () => {
  const fly = createSingleFlight<string>();
  const first = work();
  const both = [fly("a", first.run), fly("a", first.run)];
  first.resolve("x");
  expect(await Promise.all(both)).toEqual(["x", "x"]);
  expect(first.signals.length).toBe(1);
  const second = work();
  second.resolve("y");
  expect(await fly("a", second.run)).toBe("y");
});

it("gives a failure to all of them, and keeps nothing of it", async () => {
  const fly = createSingleFlight<string>();
  const { run, reject } = work();
  const both = [fly("a", run), fly("a", run)];
  const failure = new Error("no");
  reject(failure);
  expect(await Promise.allSettled(both)).toEqual([
    { status: "rejected", reason: failure },
    { status: "rejected", reason: failure },
  ]);
  const again = work();
  again.resolve("z");
  expect(await fly("a", again.run)).toBe("z");
});

it("an abort ends its own wait, with its own reason; the others' goes on", async () => {
  const fly = createSingleFlight<string>();
  const { run, signals, resolve } = work();
  const controller = new AbortController();
  const leaving = fly("a", run, controller.signal);
  const staying = fly("a", run);
  const reason = new Error("left");
  controller.abort(reason);
  await expect(leaving).rejects.toBe(reason);
  expect(signals[0]?.aborted).toBe(false);
  resolve("x");
  expect(await staying).toBe("x");
});

it("the last one to leave stops the work, and the next one starts anew", async () => {
  const fly = createSingleFlight<string>();
  const { run, signals } = work();
  const controller = new AbortController();
  const leaving = fly("a", run, controller.signal);
  controller.abort(new Error("left"));
  await expect(leaving).rejects.toThrow("left");
  expect(signals[0]?.aborted).toBe(true);
  const next = work();
  next.resolve("y");
  expect(await fly("a", next.run)).toBe("y");
});

it("one that was aborted before it asked starts nothing", async () => {
  const fly = createSingleFlight<string>();
  const { run, signals } = work();
  await expect(fly("a", run, AbortSignal.abort("gone"))).rejects.toBe("gone");
  expect(signals).toEqual([]);
});
