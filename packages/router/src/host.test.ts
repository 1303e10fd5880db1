import { type CallOptions, type Capabilities, type HostStatus, ProviderError } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../test/virtual-clock.ts";
import { createHost, isLoadedWith, isMissing } from "./host.ts";

const info = (id: string) => ({ id, capabilities: {} as Capabilities });
const away = new ProviderError({ code: "upstream_connection_failed", message: "Nothing is listening." });

function hostOf(first: HostStatus | Error, { intervalMs = 10_000, random = (): number => 0.5 } = {}) {
  const clock = virtualClock();
  const asked: number[] = [];
  const state = { answer: first as HostStatus | Error | (() => Promise<HostStatus>) };
  const host = createHost({
    index: 0,
    clock,
    intervalMs,
    random,
    async status(_: CallOptions) {
      asked.push(clock.now());
      if (typeof state.answer === "function") return state.answer();
      if (state.answer instanceof Error) throw state.answer;
      return state.answer;
    },
  });
  return { clock, host, asked, state };
}

describe("a watched host", () => {
  it("O4: is asked at once and then every interval, with jitter, and no faster", async () => {
    const numbers = [0, 1, 0.5];
    const { asked, clock } = hostOf({ models: [] }, { random: () => numbers.shift() ?? 0.5 });
    await clock.advance(40_000);
    expect(asked).toEqual([0, 8000, 20_000, 30_000, 40_000]);
  });

  it("is asked for nothing when it is not watched", async () => {
    const { asked, clock, host } = hostOf({ models: [] }, { intervalMs: 0 });
    host.refresh();
    host.lacks("m");
    await clock.advance(60_000);
    expect(asked).toEqual([]);
    expect(host.model("other").isThere).toBeUndefined();
  });

  it("tells what it loads, and for how long, until it answers or may have given up", async () => {
    const { clock, host } = hostOf({ models: [info("m")], loaded: [] });
    await clock.advance(1);
    expect(host.loading).toEqual([]);
    host.begins("m", undefined);
    await clock.advance(60_000);
    expect(host.loading).toEqual([{ id: "m", forMs: 60_000 }]);
    host.answers("m");
    expect(host.loading).toEqual([]);
    host.begins("n", undefined);
    await clock.advance(300_000);
    expect(host.loading).toEqual([]);
  });

  it("is not said to load anything when it does not tell what is loaded", async () => {
    const { clock, host } = hostOf({ models: [info("m")] });
    await clock.advance(1);
    host.begins("m", undefined);
    expect(host.loading).toEqual([]);
  });

  it("tells what is there and what is loaded, by any spelling", async () => {
    const { clock, host } = hostOf({
      models: [info("llama:latest"), info("qwen:1b")],
      loaded: [{ id: "qwen:1b", contextLength: 4096 }],
      toKey: (id) => (id.includes(":") ? id : `${id}:latest`),
    });
    expect(host.model("llama").isThere).toBeUndefined();
    await clock.advance(1);
    expect(host.model("llama")).toMatchObject({ isThere: true, isLoaded: false });
    expect(host.model("llama:latest")).toBe(host.model("llama"));
    expect(host.model("qwen:1b")).toMatchObject({ isThere: true, isLoaded: true, contextLength: 4096 });
    expect(host.model("phi")).toMatchObject({ isThere: false });
    expect(isLoadedWith(host.model("qwen:1b"), 4096)).toBe(true);
    expect(isLoadedWith(host.model("qwen:1b"), 8192)).toBe(false);
  });

  it("keeps what it knows while the host is away, and looks every second", async () => {
    const { clock, host, state, asked } = hostOf({ models: [info("m")], loaded: [{ id: "m" }] });
    await clock.advance(1);
    state.answer = away;
    await clock.advance(13_000);
    expect(asked).toEqual([0, 10_000, 11_000, 12_000, 13_000]);
    expect(host.model("m")).toMatchObject({ isThere: true, isLoaded: true });
    expect(host.models?.map(({ id }) => id)).toEqual(["m"]);
    expect(host.breaker.reason()).toBe("Nothing is listening.");
    for (let step = 0; step < 30; step++) {
      expect(host.breaker.blockedMs()).toBeGreaterThan(0);
      await clock.advance(100);
    }
    state.answer = { models: [info("m")] };
    await clock.advance(1000);
    expect(host.breaker.blockedMs()).toBe(0);
    expect(host.seenAt).toBe(17_000);
  });

  it("O4: is not away when it is only too busy to answer", async () => {
    const { clock, host, state } = hostOf({ models: [info("m")] });
    await clock.advance(1);
    state.answer = new ProviderError({ code: "upstream_busy", message: "Busy." });
    await clock.advance(11_000);
    expect(host.breaker.blockedMs()).toBe(0);
    state.answer = () => new Promise(() => {});
    await clock.advance(60_000);
    expect(host.breaker.blockedMs()).toBe(0);
  });

  it("is asked anew when it lacks a model, at most once a second however often it is told", async () => {
    const { clock, host, asked } = hostOf({ models: [info("m")] });
    await clock.advance(5000);
    for (let index = 0; index < 10; index++) host.lacks("m");
    expect(host.model("m").isThere).toBe(false);
    await clock.advance(1);
    expect(host.model("m").isThere).toBe(true);
    host.lacks("m");
    await clock.advance(999);
    expect(asked).toEqual([0, 5000]);
    await clock.advance(1);
    expect(asked).toEqual([0, 5000, 6001]);
  });

  it("without a word of its own, is believed to lack a model for a minute", () => {
    const clock = virtualClock();
    const host = createHost({ index: 0, status: undefined, intervalMs: 10_000, clock, random: () => 0.5 });
    host.lacks("m");
    expect(isMissing(host.model("m"), clock.now() + 59_999)).toBe(true);
    expect(isMissing(host.model("m"), clock.now() + 60_000)).toBe(false);
  });

  it("is ahead of its own word when a request loads a model", async () => {
    const { clock, host, state } = hostOf({ models: [info("m")], loaded: [] });
    await clock.advance(1);
    host.begins("m", 4096);
    await clock.advance(10_000);
    expect(host.model("m")).toMatchObject({ isLoaded: false, loadingSince: 1 });
    host.answers("m");
    expect(host.model("m")).toMatchObject({ isLoaded: true, contextLength: 4096, loadingSince: undefined });
    await clock.advance(10_000);
    // It was asked after the model had answered: now its own word counts.
    expect(host.model("m").isLoaded).toBe(false);
    state.answer = { models: [info("m")], loaded: [{ id: "m", contextLength: 4096 }] };
    await clock.advance(10_000);
    expect(host.model("m").isLoaded).toBe(true);
    host.begins("m", 8192);
    expect(host.model("m")).toMatchObject({ isLoaded: false, contextLength: 8192 });
    host.fails("m");
    expect(host.model("m").loadingSince).toBeUndefined();
  });

  it("is asked again after it has loaded a model: another one may have had to go", async () => {
    const { clock, host, asked } = hostOf({ models: [info("m")], loaded: [] });
    await clock.advance(5000);
    host.begins("m", undefined);
    host.answers("m");
    expect(asked).toEqual([0, 5000]);
    host.answers("m");
    await clock.advance(100);
    expect(asked).toEqual([0, 5000]);
  });

  it("keeps its last word about memory while it gives none", async () => {
    const { clock, host, state } = hostOf({ models: [info("m")], loaded: [{ id: "m" }] });
    await clock.advance(1);
    state.answer = { models: [info("m")], loaded: undefined };
    await clock.advance(10_000);
    expect(host.model("m").isLoaded).toBe(true);
  });

  it("forgets names that callers made up", async () => {
    const { clock, host } = hostOf({ models: [info("m")] });
    await clock.advance(1);
    for (let index = 0; index < 25_000; index++) host.model(`made up ${index}`);
    expect(host.model("m").isThere).toBe(true);
  });
});
