import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countsOf, groupOf, type TestGroup } from "../test/group-of.ts";
import { seededRandom } from "../test/random.ts";
import { createBalancer } from "./create-balancer.ts";

const repeat = <Value>(times: number, run: (index: number) => Value) =>
  Array.from({ length: times }, (_, index) => run(index));

describe("failing over", () => {
  it.each([
    "upstream_connection_failed",
    "upstream_error",
    "upstream_protocol_error",
    "upstream_busy",
    "rate_limit_exceeded",
    "model_not_found",
    "upstream_auth_failed",
  ] as const)("N5: %s is another host's turn", async (code) => {
    const { host, ask, asked } = groupOf({ deployments: [{ routing: { order: 1 } }, { routing: { order: 2 } }] });
    host("a").failure = code;
    expect(await ask()).toBe("b");
    expect(asked()).toEqual([1, 1]);
  });

  it.each([
    "invalid_value",
    "unsupported",
    "context_length_exceeded",
    "provider_error",
    "upstream_first_byte_timeout",
    "upstream_total_timeout",
  ] as const)("%s is nobody else's", async (code) => {
    const { hosts, ask, asked } = groupOf();
    for (const host of hosts) host.failure = code;
    expect(await ask()).toBe(code);
    expect(asked().reduce((sum, count) => sum + count)).toBe(1);
  });

  it("N5: asks nobody twice in one request", async () => {
    const { hosts, ask, asked } = groupOf({ deployments: [{}, {}, {}] });
    for (const host of hosts) host.failure = "upstream_connection_failed";
    expect(await ask()).toBe("upstream_connection_failed");
    expect(asked()).toEqual([1, 1, 1]);
  });

  it("retries what was done in vain twice and no more", async () => {
    const { hosts, ask, asked } = groupOf({ deployments: repeat(6, () => ({})) });
    for (const host of hosts) host.failure = "upstream_error";
    expect(await ask()).toBe("upstream_error");
    expect(asked().reduce((sum, count) => sum + count)).toBe(3);
  });

  it.each([
    [{ retries: 0 }, 1],
    [{ retries: 1 }, 2],
    [{ retries: 0, retryPolicy: { InternalServer: 3 } }, 4],
    [{ retryPolicy: { Default: 1 } }, 2],
    [{ retryPolicy: { RateLimit: 9 } }, 3],
    [{ retryPolicy: { InternalServer: 3 }, groupRetryPolicy: { llama: { InternalServer: 0 } } }, 1],
    [{ retryPolicy: { InternalServer: 3 }, groupRetryPolicy: { llama: { Default: 0 } } }, 4],
  ])("with %j asks %d times", async (routing, times) => {
    const { hosts, ask, asked } = groupOf({ deployments: repeat(6, () => ({})), routing });
    for (const host of hosts) host.failure = "upstream_error";
    await ask();
    expect(asked().reduce((sum, count) => sum + count)).toBe(times);
  });

  it("retries a timeout only where a policy says so", async () => {
    const { hosts, ask, asked } = groupOf({ routing: { retryPolicy: { Timeout: 1 } } });
    for (const host of hosts) host.failure = "upstream_first_byte_timeout";
    await ask();
    expect(asked()).toEqual([1, 1]);
  });

  it("N6: the only host is asked again when it was busy, after a while", async () => {
    const { host, ask, asked, clock } = groupOf({ deployments: [{}] });
    const codes = ["upstream_busy", undefined] as const;
    let call = 0;
    host("a").failure = () => codes[call++];
    const answer = ask();
    await clock.advance(200);
    expect(asked()).toEqual([1]);
    await clock.advance(500);
    expect(await answer).toBe("a");
  });

  it("asks the only host again after an error only when told to", async () => {
    for (const [retries, times] of [
      [undefined, 1],
      [2, 3],
    ] as const) {
      const { host, ask, asked, clock } = groupOf({ deployments: [{}], routing: { retries } });
      host("a").failure = "upstream_error";
      const answer = ask();
      await clock.drain();
      expect(await answer).toBe("upstream_error");
      expect(asked()).toEqual([times]);
    }
  });

  it.each([
    [{}, "rate_limit_exceeded", 1],
    [{ retries: 1 }, "a", 2],
  ])(
    "whom it is told to leave alone for seconds, it asks again only when told to retry: %j",
    async (routing, answer, times) => {
      const { host, ask, asked, clock } = groupOf({ deployments: [{}], routing });
      let call = 0;
      host("a").failure = () => (call++ === 0 ? "rate_limit_exceeded" : undefined);
      host("a").retryAfterMs = 7000;
      const asking = ask();
      await clock.advance(6999);
      expect(asked()).toEqual([1]);
      await clock.advance(1);
      expect(await asking).toBe(answer);
      expect(asked()).toEqual([times]);
    },
  );

  it("M4: who has left before asks nobody", async () => {
    const member = { id: "a", group: "m", host: "a" };
    const { run } = createBalancer({
      members: [member],
      resolve: (name) => ({ name, candidates: [{ member, modelId: name }] }),
    });
    const reason = new Error("left");
    let calls = 0;
    const attempt = async () => calls++;
    await expect(run({ model: "m", signal: AbortSignal.abort(reason) }, attempt)).rejects.toBe(reason);
    expect(calls).toBe(0);
  });

  it("M4: who leaves the stream before it begins ends what is being tried", async () => {
    const { host, router, clock } = groupOf({ deployments: [{ host: { serviceMs: () => 1000 } }] });
    const iterator = router.chatModel?.("llama").stream({ messages: [] })[Symbol.asyncIterator]();
    iterator?.next().catch(() => {});
    await clock.advance(100);
    expect(host("a").running).toBe(1);
    await iterator?.return?.();
    await clock.advance(1);
    expect(host("a").running).toBe(0);
    expect(router.states()).toMatchObject([{ inFlight: 0, healthy: true }]);
  });

  it("M4: who leaves during a back-off costs no further call", async () => {
    const { host, ask, asked, clock } = groupOf({ deployments: [{}] });
    host("a").failure = "upstream_busy";
    const client = new AbortController();
    const reason = new Error("left");
    const answer = ask("llama", { signal: client.signal });
    await clock.advance(100);
    client.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await clock.drain();
    expect(asked()).toEqual([1]);
  });

  it("M4: who leaves the queue frees his place and costs no call", async () => {
    const group = groupOf({ deployments: [{ host: { serviceMs: () => 1000 } }], routing: { maxParallelRequests: 1 } });
    const first = group.ask();
    const client = new AbortController();
    const second = group.ask("llama", { signal: client.signal });
    await group.clock.advance(100);
    expect(group.router.states()).toMatchObject([{ inFlight: 1, queued: 1 }]);
    client.abort(new Error("left"));
    await expect(second).rejects.toThrow("left");
    expect(group.router.states()).toMatchObject([{ inFlight: 1, queued: 0 }]);
    await group.clock.drain();
    expect(await first).toBe("a");
    expect(group.asked()).toEqual([1]);
    expect(group.router.states()).toMatchObject([{ inFlight: 0, queued: 0 }]);
  });
});

describe("fallbacks", () => {
  const three = ["small", "large", "huge"].map((name) => ({ name, modelId: "llama" }));
  const failing = (group: TestGroup, ...names: readonly string[]) => {
    for (const [index, host] of group.hosts.entries())
      host.failure = names.includes(three[index]?.name ?? "") ? "upstream_error" : undefined;
  };

  it("are followed in order, and theirs in turn; what is told is the first failure", async () => {
    const group = groupOf({ deployments: three, routing: { fallbacks: { small: ["large"], large: ["huge"] } } });
    failing(group, "small", "large");
    expect(await group.ask("small")).toBe("c");
    failing(group, "small", "large", "huge");
    group.host("a").failure = "rate_limit_exceeded";
    expect(await group.ask("small")).toBe("rate_limit_exceeded");
  });

  it("`*` is for groups without their own, and nobody is asked twice", async () => {
    const group = groupOf({ deployments: three, routing: { fallbacks: { "*": ["small", "huge"] } } });
    failing(group, "small", "large");
    expect(await group.ask("large")).toBe("c");
    expect(group.asked()).toEqual([1, 1, 1]);
  });

  it("end where they began", async () => {
    const group = groupOf({ deployments: three, routing: { fallbacks: { small: ["large"], large: ["small"] } } });
    failing(group, "small", "large");
    expect(await group.ask("small")).toBe("upstream_error");
    expect(group.asked()).toEqual([1, 1, 0]);
  });

  it("end after `maxFallbacks`", async () => {
    const group = groupOf({
      deployments: three,
      routing: { fallbacks: { small: ["large", "huge"] }, maxFallbacks: 1 },
    });
    failing(group, "small", "large");
    expect(await group.ask("small")).toBe("upstream_error");
    expect(group.asked()).toEqual([1, 1, 0]);
  });

  it.each([
    ["context_length_exceeded", { contextWindowFallbacks: { small: ["huge"] }, fallbacks: { small: ["large"] } }, "c"],
    [
      "context_length_exceeded",
      { contextWindowFallbacks: { x: ["huge"] }, fallbacks: { small: ["large"] } },
      "context_length_exceeded",
    ],
    ["context_length_exceeded", { fallbacks: { small: ["large"] } }, "b"],
    ["upstream_first_byte_timeout", { fallbacks: { small: ["large"] } }, "b"],
    ["unsupported", { fallbacks: { small: ["large"] } }, "b"],
    ["invalid_value", { fallbacks: { small: ["large"] } }, "invalid_value"],
  ] as const)("after %s with %j: %s", async (code, routing, answer) => {
    const group = groupOf({ deployments: three, routing });
    group.host("a").failure = code;
    expect(await group.ask("small")).toBe(answer);
  });

  it("that do not exist are passed over", async () => {
    const group = groupOf({ deployments: three, routing: { fallbacks: { small: ["nobody", "huge"] } } });
    failing(group, "small");
    expect(await group.ask("small")).toBe("c");
  });
});

describe("a dead host", () => {
  it("is left alone at once, and asked again when its time is over", async () => {
    const { host, ask, asked, clock } = groupOf({
      deployments: [{ routing: { order: 1 } }, { routing: { order: 2 } }],
    });
    host("a").failure = "upstream_connection_failed";
    for (let index = 0; index < 10; index++) expect(await ask()).toBe("b");
    expect(asked()).toEqual([1, 10]);
    host("a").failure = undefined;
    await clock.advance(6_001);
    expect(await ask()).toBe("a");
  });

  it("that is alone fails fast, and says why and for how long", async () => {
    const { host, ask, asked, router, clock } = groupOf({ deployments: [{}] });
    host("a").failure = "upstream_connection_failed";
    expect(await ask()).toBe("upstream_connection_failed");
    expect(await ask()).toBe("no_healthy_upstream");
    expect(asked()).toEqual([1]);
    expect(router.states()).toMatchObject([{ healthy: false, reason: "a fails." }]);
    await clock.advance(1_200);
    expect(await ask()).toBe("upstream_connection_failed");
  });

  it("is never left alone without cooldowns", async () => {
    const { host, ask, asked } = groupOf({ deployments: [{}], routing: { cooldowns: false } });
    host("a").failure = "upstream_connection_failed";
    for (let index = 0; index < 3; index++) expect(await ask()).toBe("upstream_connection_failed");
    expect(asked()).toEqual([3]);
  });

  it("is noticed and noticed to be back without a request", async () => {
    const { host, clock, router } = groupOf({ routing: { status: { intervalMs: 10_000 } } });
    await clock.advance(1);
    host("a").failure = "upstream_connection_failed";
    await clock.advance(12_001);
    expect(router.states().map(({ healthy }) => healthy)).toEqual([false, true]);
    host("a").failure = undefined;
    await clock.advance(1_201);
    expect(router.states().map(({ healthy }) => healthy)).toEqual([true, true]);
  });

  it.each([100, 1000])("total outage: %d requests are at most a fifth more calls", async (clients) => {
    const slowly = { host: { serviceMs: () => 100 } };
    const { hosts, ask, asked, clock } = groupOf({
      deployments: [slowly, slowly, slowly],
      routing: { cooldowns: false },
    });
    for (const host of hosts) host.failsLater = true;
    const answers = repeat(clients, () => ask());
    await clock.drain();
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["upstream_stream_interrupted"]));
    for (const host of hosts) [host.failsLater, host.failure] = [false, "upstream_error"];
    const before = asked().reduce((sum, count) => sum + count);
    await Promise.all(repeat(clients, () => ask()));
    const calls = asked().reduce((sum, count) => sum + count) - before;
    expect(calls / clients).toBeLessThanOrEqual(1.2);
  });

  it("total outage: hosts that only say that they are busy are not asked more than a fifth more often", async () => {
    const { hosts, ask, asked, clock } = groupOf({ deployments: [{}] });
    for (const host of hosts) host.failure = "upstream_busy";
    const answers = repeat(500, () => ask());
    await clock.drain();
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["upstream_busy"]));
    expect((asked()[0] ?? 0) / 500).toBeLessThanOrEqual(1.2);
  });
});

describe("spreading", () => {
  it("O1: least-busy halves the load of two hosts, from the first request on", async () => {
    const routing = { strategy: "least-busy" } as const;
    const host = { serviceMs: () => 50 };
    const { ask, clock } = groupOf({ deployments: [{ host }, { host }], routing });
    const answers: Promise<string>[] = [];
    for (let index = 0; index < 200; index++) {
      answers.push(ask());
      await clock.advance(10);
    }
    await clock.drain();
    const counts = countsOf(await Promise.all(answers));
    expect(counts["a"]).toBeGreaterThanOrEqual(80);
    expect(counts["a"]).toBeLessThanOrEqual(120);
  });

  it("O1: requests of one moment see each other", async () => {
    const host = { serviceMs: () => 50 };
    const { ask, clock } = groupOf({
      deployments: [{ host }, { host }, { host }],
      routing: { strategy: "least-busy" },
    });
    const answers = repeat(30, () => ask());
    await clock.drain();
    expect(countsOf(await Promise.all(answers))).toEqual({ a: 10, b: 10, c: 10 });
  });

  it("O1: ties are random", async () => {
    const { ask } = groupOf({ routing: { strategy: "least-busy" } });
    const answers: string[] = [];
    for (let index = 0; index < 100; index++) answers.push(await ask());
    expect(countsOf(answers)["a"]).toBeGreaterThan(30);
    expect(countsOf(answers)["b"]).toBeGreaterThan(30);
  });

  it("respects tiers: a lower one is asked as long as somebody in it can answer", () => {
    const run = async (orders: readonly number[], dead: ReadonlySet<number>, seed: number) => {
      const { hosts, ask } = groupOf({ deployments: orders.map((order) => ({ routing: { order } })), seed });
      for (const [index, each] of hosts.entries()) if (dead.has(index)) each.failure = "upstream_connection_failed";
      const alive = orders.flatMap((order, index) =>
        dead.has(index) ? [] : [{ order, name: String.fromCharCode(97 + index) }],
      );
      const lowest = Math.min(...alive.map(({ order }) => order));
      const best = alive.filter(({ order }) => order === lowest).map(({ name }) => name);
      for (let index = 0; index < 5; index++)
        expect(alive.length === 0 ? ["upstream_connection_failed", "no_healthy_upstream"] : best).toContain(
          await ask(),
        );
    };
    const orders = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });
    const dead = fc.array(fc.nat(4)).map((indexes) => new Set(indexes));
    return fc.assert(fc.asyncProperty(orders, dead, fc.nat(), run), { numRuns: 50 });
  });

  it("starves nobody: every request of a burst ends", async () => {
    const host = { serviceMs: () => 100 };
    const routing = { maxParallelRequests: 2, queue: { length: 1000, deadlineMs: 60_000 } };
    const group = groupOf({ deployments: [{ host }, { host }], routing });
    const answers = repeat(200, () => group.ask());
    await group.clock.drain();
    expect(Object.keys(countsOf(await Promise.all(answers))).sort()).toEqual(["a", "b"]);
    expect(group.hosts.map(({ peak }) => peak)).toEqual([2, 2]);
  });

  it("N6: 100 at once on a host that takes two at a time: all are answered, two at a time", async () => {
    const host = { serviceMs: () => 100 };
    const routing = { maxParallelRequests: 2, queue: { length: 100 } };
    const { ask, clock, hosts } = groupOf({ deployments: [{ host }], routing });
    const answers = repeat(100, () => ask());
    await clock.drain();
    expect(countsOf(await Promise.all(answers))).toEqual({ a: 100 });
    expect(hosts[0]?.peak).toBe(2);
  });

  it("N6: deployments of one pool share their slots", async () => {
    const routing = { maxParallelRequests: 1, pool: "host" };
    const deployments = ["a", "b"].map((name) => ({ name, modelId: "llama", routing, host: { serviceMs: () => 100 } }));
    const { ask, clock, router } = groupOf({ deployments });
    const answers = [ask("a"), ask("b"), ask("b")];
    await clock.advance(1);
    expect(router.states()).toMatchObject([
      { inFlight: 1, queued: 0 },
      { inFlight: 0, queued: 2 },
    ]);
    await clock.drain();
    expect(await Promise.all(answers)).toEqual(["a", "b", "b"]);
  });

  it("N6: who finds no place is told at once, and is nobody's failure", async () => {
    const host = { serviceMs: () => 100 };
    const routing = { maxParallelRequests: 1, queue: { length: 1 } };
    const { ask, clock, router } = groupOf({ deployments: [{ host }, { host }], routing });
    const answers = repeat(6, () => ask());
    await clock.drain();
    expect(countsOf(await Promise.all(answers))).toEqual({ a: 2, b: 2, rate_limit_exceeded: 2 });
    expect(router.states().every(({ healthy }) => healthy)).toBe(true);
  });

  it("N6: is told so at once, too, where retries are asked for: the queue was the wait", async () => {
    const routing = { maxParallelRequests: 1, queue: { length: 0 }, retries: 5 };
    const { ask, clock } = groupOf({ deployments: [{ host: { serviceMs: () => 100 } }], routing });
    const first = ask();
    expect(await ask()).toBe("rate_limit_exceeded");
    expect(clock.now()).toBe(0);
    await clock.drain();
    expect(await first).toBe("a");
  });

  it("O2: a conversation stays where it was, as long as there is a slot", async () => {
    const host = { serviceMs: () => 100 };
    const { router, clock } = groupOf({
      deployments: [{ host }, { host }, { host }],
      routing: { maxParallelRequests: 1 },
    });
    const turn = async (text: string, ...more: readonly ("assistant" | "user")[]) => {
      const user = { role: "user", content: [{ type: "text", text }] } as const;
      const messages = [
        user,
        ...more.map((role) => (role === "user" ? user : ({ role, content: [{ type: "text", text }] } as const))),
      ];
      let answer = "";
      for await (const batch of router.chatModel?.("llama").stream({ messages }) ?? [])
        for (const part of batch) if (part.type === "text-delta") answer += part.text;
      return answer;
    };
    for (let talk = 0; talk < 10; talk++) {
      const first = turn(`talk ${talk}`);
      await clock.drain();
      const later = turn(`talk ${talk}`, "assistant", "user");
      await clock.drain();
      expect(await later).toBe(await first);
      const [here, elsewhere] = [turn(`talk ${talk}`, "assistant", "user"), turn(`talk ${talk}`, "assistant", "user")];
      await clock.drain();
      expect(await here).toBe(await first);
      expect(await elsewhere).not.toBe(await first);
    }
  });

  it("is no pin: without a turn before, the same beginning is spread", async () => {
    const { router } = groupOf();
    const hosts = new Set<string>();
    const messages = [{ role: "user", content: [{ type: "text", text: "hi" }] }] as const;
    for (let index = 0; index < 40; index++)
      for await (const batch of router.chatModel?.("llama").stream({ messages }) ?? [])
        for (const part of batch) if (part.type === "text-delta") hosts.add(part.text);
    expect([...hosts].sort()).toEqual(["a", "b"]);
  });

  it("has strategies of their own for groups of models, and tells what is busy to others", async () => {
    const told = new Map<string, readonly number[]>();
    const shared = {
      cool: () => {},
      cooledMs: () => 0,
      setBusy: (id: string, count: number) => told.set(id, [...(told.get(id) ?? []), count]),
      busyElsewhere: (id: string) => (id === "0" ? 1 : 0),
    };
    const routingGroups = [{ name: "own", models: ["busy"], strategy: "least-busy" }] as const;
    const deployments = ["busy", "busy", "other", "other"].map((name) => ({ name, modelId: "llama" }));
    const { ask } = groupOf({ deployments, routing: { routingGroups }, shared });
    const answers: string[] = [];
    for (let index = 0; index < 20; index++) answers.push(await ask("busy"), await ask("other"));
    expect(Object.keys(countsOf(answers)).sort()).toEqual(["b", "c", "d"]);
    expect([...told.keys()].sort()).toEqual(["1", "2", "3"]);
    for (const counts of told.values()) expect(counts.slice(0, 4)).toEqual([1, 0, 1, 0]);
  });
});

describe("mistakes in the options", () => {
  it.each([
    ["two deployments of one id", { deployments: [{ id: "x" }, { id: "x" }] }, 'Two deployments have the id "x".'],
    [
      "a model in two routing groups",
      {
        routing: {
          routingGroups: ["one", "two"].map((name) => ({ name, models: ["m"], strategy: "least-busy" as const })),
        },
      },
      'Routing group "two": "m" stands in another one, too.',
    ],
  ])("%s is one", (_, options, message) => {
    expect(() => groupOf(options)).toThrow(message);
  });
});

describe("what a deployment takes a minute", () => {
  it("steers, and refuses only when it is enforced", async () => {
    const deployments = [{ routing: { rpm: 2 } }, { routing: { rpm: 2 } }];
    const steered = groupOf({ deployments, routing: { strategy: "usage-based-routing-v2" } });
    for (let index = 0; index < 10; index++) expect(["a", "b"]).toContain(await steered.ask());
    const enforced = groupOf({ deployments, routing: { enforceRateLimits: true } });
    const answers: string[] = [];
    for (let index = 0; index < 6; index++) answers.push(await enforced.ask());
    expect(countsOf(answers)).toEqual({ a: 2, b: 2, rate_limit_exceeded: 2 });
    await enforced.clock.advance(60_000);
    expect(["a", "b"]).toContain(await enforced.ask());
  });

  it("leaves nothing behind where it refuses", async () => {
    const busy: number[] = [];
    const shared = { cool: () => {}, cooledMs: () => 0, busyElsewhere: () => 0 };
    const group = groupOf({
      deployments: [{ routing: { rpm: 0 } }],
      routing: { enforceRateLimits: true },
      shared: { ...shared, setBusy: (_: string, count: number) => busy.push(count) },
    });
    expect(await group.ask()).toBe("rate_limit_exceeded");
    expect(busy).toEqual([1, 0]);
    expect(group.asked()).toEqual([0]);
  });

  it("counts the tokens of answers", async () => {
    const { ask } = groupOf({ deployments: [{ routing: { tpm: 41 } }], routing: { enforceRateLimits: true } });
    const answers: string[] = [];
    // An answer is 20, and one is let in as long as its own guess, 1, fits.
    for (let index = 0; index < 4; index++) answers.push(await ask());
    expect(answers).toEqual(["a", "a", "a", "rate_limit_exceeded"]);
  });
});

it("leaves nothing behind, whatever fails and whoever leaves when", () => {
  const failures = fc.constantFrom(
    undefined,
    "upstream_connection_failed",
    "upstream_error",
    "upstream_busy",
    "model_not_found",
    "upstream_first_byte_timeout",
    "invalid_value",
  );
  const step = fc.record({ host: fc.nat(2), failure: failures, later: fc.boolean(), leaveAfterMs: fc.nat(400) });
  const world = fc.record({
    steps: fc.array(step, { maxLength: 30 }),
    limit: fc.integer({ min: 1, max: 3 }),
    retries: fc.constantFrom(undefined, 0, 2),
    cooldowns: fc.boolean(),
  });
  const property = fc.asyncProperty(world, async ({ steps, limit, retries, cooldowns }) => {
    const host = { serviceMs: () => 100 };
    const { hosts, router, ask, clock } = groupOf({
      deployments: [{ host }, { host }, { host }],
      routing: { maxParallelRequests: limit, queue: { length: 2, deadlineMs: 150 }, retries, cooldowns },
    });
    const answers: Promise<unknown>[] = [];
    for (const { host, failure, later, leaveAfterMs } of steps) {
      Object.assign(hosts[host] ?? {}, { failure, failsLater: later });
      const client = new AbortController();
      clock.after(leaveAfterMs, () => client.abort(new Error("left")));
      answers.push(ask("llama", { signal: client.signal }).catch(() => {}));
      await clock.advance(20);
    }
    await clock.drain();
    await Promise.all(answers);
    for (const state of router.states()) expect(state).toMatchObject({ inFlight: 0, queued: 0 });
    expect(hosts.map(({ running }) => running)).toEqual([0, 0, 0]);
    if (cooldowns) return;
    // Every slot is free again: as many as fit are answered at once.
    for (const host of hosts) Object.assign(host, { failure: undefined, failsLater: false });
    await clock.advance(120_000);
    const all = repeat(3 * limit, () => ask());
    await clock.advance(1);
    expect(router.states().map(({ inFlight }) => inFlight)).toEqual([limit, limit, limit]);
    await clock.drain();
    expect(new Set(await Promise.all(all))).toEqual(new Set(["a", "b", "c"]));
  });
  return fc.assert(property, { numRuns: 50 });
});

it("is the same for the same random numbers", async () => {
  const run = async () => {
    const { ask } = groupOf({ deployments: repeat(5, () => ({})), random: seededRandom(7) });
    const answers: string[] = [];
    for (let index = 0; index < 20; index++) answers.push(await ask());
    return answers;
  };
  expect(await run()).toEqual(await run());
});
