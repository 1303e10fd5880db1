import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choicesOf, type TestMember } from "../test/choice-of.ts";
import { countsOf } from "../test/group-of.ts";
import { seededRandom } from "../test/random.ts";
import { type Choice, type PickOptions, pick } from "./pick.ts";
import type { Strategy } from "./routing-options.ts";

const loaded = { isThere: true, isLoaded: true };
const cold = { isThere: true };

function options(strategy: Strategy, more: Partial<PickOptions> = {}): PickOptions {
  const random = seededRandom(1);
  return {
    strategy,
    latency: undefined,
    now: 0,
    random,
    busyElsewhere: () => 0,
    contextLength: () => 8192,
    favourite: undefined,
    ...more,
  };
}

/** How often each is picked. */
function picks(choices: readonly Choice[], using: PickOptions, times = 1): Readonly<Record<string, number>> {
  return countsOf(Array.from({ length: times }, () => pick(choices, using).record.member.id));
}

describe("simple-shuffle", () => {
  it("converges to the weights; who has none gets nothing", () => {
    const weight = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined });
    const run = (weights: readonly (number | undefined)[], seed: number) => {
      const choices = choicesOf(weights.map((weight) => ({ routing: { weight } })));
      const counts = picks(choices, options("simple-shuffle", { random: seededRandom(seed) }), 4000);
      const sum = weights.reduce<number>((sum, weight = 0) => sum + weight, 0);
      for (const [index, weight = 0] of weights.entries()) {
        const share = (counts[String.fromCharCode(97 + index)] ?? 0) / 4000;
        expect(share).toBeCloseTo(sum === 0 ? 1 / weights.length : weight / sum, 1);
        if (sum > 0 && weight === 0) expect(share).toBe(0);
      }
    };
    fc.assert(fc.property(fc.array(weight, { minLength: 1, maxLength: 4 }), fc.nat(), run), { numRuns: 30 });
  });

  it.each([
    [{ weight: 1, rpm: 1 }, { weight: 0, rpm: 9 }, ["a"]],
    [{ rpm: 1, tpm: 1 }, { rpm: 0, tpm: 9 }, ["a"]],
    [{ tpm: 1 }, {}, ["a"]],
    [{}, {}, ["a", "b"]],
  ])("weights win over rpm, rpm over tpm: of %j and %j, %j", (a, b, expected) => {
    const counts = picks(choicesOf([{ routing: a }, { routing: b }]), options("simple-shuffle"), 50);
    expect(Object.keys(counts).sort()).toEqual(expected);
  });
});

describe("least-busy", () => {
  it("O1: picks the least busy, here and elsewhere, ties at random", () => {
    const choices = choicesOf([{ busy: 2 }, { busy: 1 }, { busy: 1 }]);
    const counts = picks(choices, options("least-busy"), 100);
    expect(counts["a"]).toBeUndefined();
    expect(counts["b"]).toBeGreaterThan(30);
    expect(counts["c"]).toBeGreaterThan(30);
    const elsewhere = { busyElsewhere: (id: string) => (id === "b" ? 5 : 0) };
    expect(picks(choices, options("least-busy", elsewhere))).toEqual({ c: 1 });
  });
});

describe("usage-based-routing", () => {
  it.each(["usage-based-routing", "usage-based-routing-v2"] as const)(
    "%s: fewest tokens, limits permitting",
    (name) => {
      const choices = choicesOf([{}, {}, { routing: { rpm: 1 } }]);
      const answer = { totalMs: 1, firstPartMs: 1, hasLoaded: false };
      choices[0]?.record.usage.addAnswer({ ...answer, inputTokens: 5, outputTokens: 5 });
      choices[1]?.record.usage.addAnswer({ ...answer, inputTokens: 1, outputTokens: 1 });
      expect(picks(choices, options(name))).toEqual({ c: 1 });
      choices[2]?.record.usage.addRequest();
      expect(picks(choices, options(name))).toEqual({ b: 1 });
    },
  );
});

describe("latency-based-routing", () => {
  const answer = { firstPartMs: 1, inputTokens: 1, hasLoaded: false };

  it("picks the fewest seconds a token, who is unknown first", () => {
    const choices = choicesOf([{}, {}, {}]);
    choices[0]?.record.usage.addAnswer({ ...answer, totalMs: 1000, outputTokens: 100 });
    choices[1]?.record.usage.addAnswer({ ...answer, totalMs: 1000, outputTokens: 200 });
    expect(picks(choices, options("latency-based-routing"))).toEqual({ c: 1 });
    choices[2]?.record.usage.addTimeout();
    expect(picks(choices, options("latency-based-routing"), 20)).toEqual({ b: 20 });
  });

  it("takes those within the buffer for equal", () => {
    const choices = choicesOf([{}, {}, {}]);
    for (const [index, totalMs] of [1000, 1100, 2000].entries())
      choices[index]?.record.usage.addAnswer({ ...answer, totalMs, outputTokens: 100 });
    const counts = picks(choices, options("latency-based-routing", { latency: { buffer: 0.2 } }), 50);
    expect(Object.keys(counts).sort()).toEqual(["a", "b"]);
  });
});

describe("warm-first", () => {
  it.each<[string, readonly TestMember[], readonly string[]]>([
    ["loaded before there", [{ view: cold }, { view: loaded }], ["b"]],
    ["loaded ones alike", [{ view: loaded }, { view: loaded }, { view: cold }], ["a", "b"]],
    [
      "loaded with the window that is wanted",
      [{ view: { ...loaded, contextLength: 4096 } }, { view: { ...loaded, contextLength: 8192 } }],
      ["b"],
    ],
    ["a free slot before a queue", [{ view: loaded, busy: 1 }, { view: loaded }], ["b"]],
    ["a short queue before loading", [{ view: loaded, busy: 2 }, { view: cold }], ["a"]],
    ["loading before a long queue", [{ view: loaded, busy: 9 }, { view: cold }], ["b"]],
    ["there before unknown", [{}, { view: cold }], ["b"]],
    ["about to be loaded before cold", [{ view: cold }, { view: { ...cold, loadingSince: -5000 }, busy: 1 }], ["b"]],
  ])("O2: %s", (_, members, expected) => {
    const routing = { maxParallelRequests: 1 };
    const choices = choicesOf(members.map((member) => ({ routing, ...member })));
    expect(Object.keys(picks(choices, options("warm-first"), 50)).sort()).toEqual(expected);
  });

  it("O2: any window will do where none is wanted", () => {
    const choices = choicesOf([{ view: cold }, { view: { ...loaded, contextLength: 4096 } }]);
    expect(picks(choices, options("warm-first", { contextLength: () => undefined }))).toEqual({ b: 1 });
  });

  it("O2: keeps a conversation where it is, unless others would answer much sooner", () => {
    const choices = choicesOf([
      { view: loaded, busy: 0 },
      { view: loaded, busy: 1 },
      { view: loaded, busy: 3 },
    ]);
    const [, near, far] = choices;
    expect(picks(choices, options("warm-first", { favourite: far }))).toEqual({ a: 1 });
    for (let index = 0; index < 10; index++)
      near?.record.usage.addAnswer({ totalMs: 500, firstPartMs: 1, inputTokens: 1, outputTokens: 1, hasLoaded: false });
    expect(picks(choices, options("warm-first", { favourite: near }))).toEqual({ b: 1 });
  });

  it("learns how long answers and loading take", () => {
    const choices = choicesOf([{ view: loaded, busy: 8 }, { view: cold }]);
    const answer = { inputTokens: 1, outputTokens: 1 };
    expect(picks(choices, options("warm-first"))).toEqual({ b: 1 });
    choices[0]?.record.usage.addAnswer({ ...answer, totalMs: 20, firstPartMs: 5, hasLoaded: false });
    expect(picks(choices, options("warm-first"))).toEqual({ a: 1 });
    choices[1]?.record.usage.addAnswer({ ...answer, totalMs: 5000, firstPartMs: 10, hasLoaded: true });
    expect(picks(choices, options("warm-first"))).toEqual({ b: 1 });
  });
});

it.each(["simple-shuffle", "least-busy", "latency-based-routing", "usage-based-routing"] as const)(
  "%s keeps a conversation where it is",
  (strategy) => {
    const choices = choicesOf([{}, {}, {}]);
    expect(picks(choices, options(strategy, { favourite: choices[2] }), 20)).toEqual({ c: 20 });
  },
);
