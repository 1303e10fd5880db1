import { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../test/virtual-clock.ts";
import { createBreaker } from "./breaker.ts";
import { createHealth } from "./health.ts";
import type { DeploymentRouting, RoutingOptions } from "./routing-options.ts";

function healthOf(options: RoutingOptions = {}, routing: DeploymentRouting = {}) {
  const clock = virtualClock();
  const host = createBreaker(clock.now);
  const opened: number[] = [];
  const health = createHealth({
    now: clock.now,
    random: () => 0.5,
    host,
    routing,
    options,
    onOpen: (ms) => opened.push(ms),
  });
  const fail = (
    code: ProviderErrorCode,
    times = 1,
    more: Partial<ProviderErrorInit & { readonly alone: boolean }> = {},
  ) => {
    for (let index = 0; index < times; index++) {
      health.pass();
      const { alone = false, ...init } = more;
      health.failed(new ProviderError({ code, message: "It fails.", upstreamStatus: 500, ...init }), { alone });
    }
  };
  return { clock, health, host, opened, fail };
}

describe("health", () => {
  it("a lost connection opens at once, for 5 s, then twice as long, at most a minute", async () => {
    const { health, fail, opened, clock } = healthOf();
    for (let index = 0; index < 6; index++) {
      fail("upstream_connection_failed");
      expect(health.blockedMs()).toBeGreaterThan(0);
      await clock.advance(health.blockedMs());
    }
    expect(opened).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it("alone: for a second, then longer, at most five", async () => {
    const { health, fail, opened, clock } = healthOf();
    for (let index = 0; index < 4; index++) {
      fail("upstream_connection_failed", 1, { alone: true });
      await clock.advance(health.blockedMs());
    }
    expect(opened).toEqual([1000, 2000, 4000, 5000]);
  });

  it("that says it is well and takes no requests is left alone after five times", async () => {
    const { health, fail, host } = healthOf();
    for (let index = 0; index < 5; index++) {
      fail("upstream_connection_failed");
      host.close();
    }
    expect(health.blockedMs()).toBe(5000);
  });

  it("forgets how often it opened after a minute of health", async () => {
    const { health, fail, opened, clock } = healthOf();
    fail("upstream_connection_failed");
    await clock.advance(5000);
    health.pass();
    health.succeeded();
    await clock.advance(60_001);
    fail("upstream_connection_failed");
    expect(opened).toEqual([5000, 5000]);
  });

  it("half open lets one through: it closes or opens again", async () => {
    const { health, fail, clock } = healthOf();
    fail("upstream_error", 5);
    await clock.advance(5000);
    expect(health.blockedMs()).toBe(0);
    health.pass();
    expect(health.blockedMs()).toBe(1000);
    health.release();
    expect(health.blockedMs()).toBe(0);
    fail("upstream_error");
    expect(health.blockedMs()).toBe(10_000);
    await clock.advance(10_000);
    health.pass();
    health.succeeded();
    expect(health.blockedMs()).toBe(0);
    expect(health.reason()).toBeUndefined();
  });

  it("who begins to answer may be asked by others; that alone is no success", async () => {
    const { health, fail, clock } = healthOf();
    fail("upstream_error", 5);
    await clock.advance(5000);
    health.pass();
    health.answers();
    expect(health.blockedMs()).toBe(0);
    for (let index = 0; index < 5; index++) {
      health.answers();
      fail("upstream_stream_interrupted");
    }
    expect(health.blockedMs()).toBe(10_000);
  });

  it("whoever answers is there: its host closes, whatever the answer; a timeout says nothing", async () => {
    const { health, fail, host, clock } = healthOf();
    fail("upstream_connection_failed");
    await clock.advance(5000);
    fail("upstream_first_byte_timeout", 1, { upstreamStatus: undefined });
    expect(host.reason()).toBe("It fails.");
    expect(health.blockedMs()).toBe(0);
    fail("upstream_error");
    expect(host.reason()).toBeUndefined();
  });

  it.each([
    "upstream_error",
    "upstream_protocol_error",
    "upstream_stream_interrupted",
    "upstream_first_byte_timeout",
    "upstream_idle_timeout",
  ] as const)("five %s in a row open it", (code) => {
    const { health, fail } = healthOf();
    fail(code, 4);
    expect(health.blockedMs()).toBe(0);
    fail(code);
    expect(health.blockedMs()).toBe(5000);
    expect(health.reason()).toBe("It fails.");
  });

  it("half of twenty within 30 s open it", async () => {
    const { health, fail, clock } = healthOf();
    const pair = () => {
      fail("upstream_error");
      health.succeeded();
    };
    for (let index = 0; index < 9; index++) pair();
    await clock.advance(31_000);
    for (let index = 0; index < 9; index++) pair();
    expect(health.blockedMs()).toBe(0);
    health.succeeded();
    fail("upstream_error");
    expect(health.blockedMs()).toBe(5000);
  });

  it.each([
    "invalid_value",
    "unsupported",
    "context_length_exceeded",
    "model_not_found",
    "upstream_total_timeout",
    "provider_error",
  ] as const)("%s says nothing of it", (code) => {
    const { health, fail } = healthOf();
    fail(code, 50);
    expect(health.blockedMs()).toBe(0);
  });

  it("O4: busy is not down", async () => {
    const { health, fail, clock } = healthOf();
    fail("upstream_busy", 50, { retryAfterMs: 2000 });
    expect(health.blockedMs()).toBe(0);
    expect(health.isBusy()).toBe(true);
    await clock.advance(2000);
    expect(health.isBusy()).toBe(false);
  });

  it("an abort is nobody's failure", () => {
    const { health } = healthOf();
    for (let index = 0; index < 50; index++) health.failed(new Error("left"), { alone: false });
    expect(health.blockedMs()).toBe(0);
  });

  it.each<[RoutingOptions, DeploymentRouting, ProviderErrorCode, number, number]>([
    [{ allowedFails: 1 }, {}, "upstream_error", 2, 5000],
    [{ allowedFails: 1, cooldownMs: 30_000 }, {}, "upstream_error", 2, 30_000],
    [{ allowedFails: 1, cooldownMs: 30_000 }, { cooldownMs: 7000 }, "upstream_error", 2, 7000],
    [{ allowedFails: 9 }, { allowedFails: 0 }, "upstream_error", 1, 5000],
    [{ allowedFailsPolicy: { RateLimit: 2 } }, {}, "rate_limit_exceeded", 3, 5000],
    [{ allowedFailsPolicy: { NotFound: 0 } }, {}, "model_not_found", 1, 5000],
    [{ allowedFailsPolicy: { Timeout: 0 } }, {}, "upstream_total_timeout", 1, 5000],
    [{ allowedFailsPolicy: { Default: 1 }, allowedFails: 5 }, {}, "upstream_error", 2, 5000],
  ])("with %j and %j, %s opens at failure %d, for %d ms", (options, routing, code, fails, ms) => {
    const { health, fail } = healthOf(options, routing);
    fail(code, fails - 1);
    expect(health.blockedMs()).toBe(0);
    fail(code);
    expect(health.blockedMs()).toBe(ms);
  });

  it("forgets fails after a minute", async () => {
    const { health, fail, clock } = healthOf({ allowedFails: 1 });
    fail("upstream_error");
    await clock.advance(60_001);
    fail("upstream_error");
    expect(health.blockedMs()).toBe(0);
  });

  it.each([{ cooldowns: false }, { cooldownMs: 0 }])("never opens with %j", (options) => {
    const { health, fail, opened } = healthOf(options);
    fail("upstream_connection_failed", 20);
    fail("upstream_error", 20);
    expect(health.blockedMs()).toBe(0);
    expect(opened).toEqual([]);
  });

  it("rejected credentials open it at once: nobody gets further there", () => {
    const { health, fail } = healthOf();
    fail("upstream_auth_failed");
    expect(health.blockedMs()).toBe(5000);
  });
});
