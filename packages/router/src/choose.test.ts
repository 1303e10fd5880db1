import { ProviderError } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { recordsOf, type TestMember } from "../test/choice-of.ts";
import { type ChooseOptions, choose } from "./choose.ts";
import type { Member } from "./member.ts";
import type { RoutingOptions } from "./routing-options.ts";
import { NOT_SHARED } from "./shared-state.ts";

interface Question extends Partial<Omit<ChooseOptions<Member>, "candidates" | "records" | "options">> {
  readonly members: readonly TestMember[];
  readonly options?: RoutingOptions;
}

/** Everybody who may be chosen, or the error. */
function chosen({ members, options = {}, ...question }: Question): readonly string[] | ProviderError {
  const records = recordsOf(members, options);
  for (const [index, { view }] of members.entries()) Object.assign(records[index]?.host.model("m") ?? {}, view);
  const names = new Set<string>();
  for (let step = 0; step < 20; step++) {
    const choice = choose({
      group: "m",
      candidates: records.map(({ member }) => ({ member, modelId: "m" })),
      records: new Map(records.map((record) => [record.member.id, record])),
      rowOf: () => [],
      failed: new Set(),
      aboveOrder: Number.NEGATIVE_INFINITY,
      request: {},
      options,
      strategy: "simple-shuffle",
      latency: undefined,
      favouriteId: undefined,
      shared: NOT_SHARED,
      now: 0,
      random: () => step / 20,
      ...question,
    });
    if (choice instanceof ProviderError) return choice;
    names.add(choice.candidate.member.id);
  }
  return [...names].sort();
}

describe("choose", () => {
  it("takes the lowest tier that has somebody left; who names none is last", () => {
    const members = [{ routing: { order: 2 } }, { routing: { order: 1 } }, {}, { routing: { order: 1 } }];
    expect(chosen({ members })).toEqual(["b", "d"]);
    expect(chosen({ members, failed: new Set(["b"]) })).toEqual(["d"]);
    expect(chosen({ members, failed: new Set(["b", "d"]) })).toEqual(["a"]);
    expect(chosen({ members, aboveOrder: 2 })).toEqual(["c"]);
  });

  it("passes over who is known not to have the model, whatever its tier, as long as another may have it", () => {
    const lacks = { view: { isThere: false } };
    expect(chosen({ members: [{ ...lacks, routing: { order: 1 } }, { routing: { order: 2 } }] })).toEqual(["b"]);
    expect(chosen({ members: [{ routing: { order: 2 } }, { ...lacks, routing: { order: 1 } }] })).toEqual(["a"]);
    expect(chosen({ members: [lacks, lacks] })).toEqual(["a", "b"]);
  });

  it("leaves others alone while they are cooled down elsewhere, and says for how long", () => {
    const shared = { ...NOT_SHARED, cooledMs: (id: string) => (id === "a" ? 700 : 0) };
    expect(chosen({ members: [{}, {}], shared })).toEqual(["b"]);
    expect(chosen({ members: [{}], shared })).toMatchObject({ code: "no_healthy_upstream", retryAfterMs: 700 });
  });

  it("prefers a free slot to a queue, and a queue with room to a full one", () => {
    const routing = { maxParallelRequests: 1 };
    const options = { queue: { length: 1 } };
    expect(chosen({ members: [{ routing, busy: 1 }, { routing }, {}] })).toEqual(["b", "c"]);
    expect(
      chosen({
        members: [
          { routing, busy: 1 },
          { routing, busy: 9 },
        ],
      }),
    ).toEqual(["a", "b"]);
    const full = { routing, busy: 2, waiting: 1 };
    expect(chosen({ members: [full, { routing, busy: 1 }], options })).toEqual(["b"]);
    expect(chosen({ members: [full, full], options })).toEqual(["a", "b"]);
  });

  it("O4: prefers who has not just said that it is busy", () => {
    expect(chosen({ members: [{ saidBusy: true }, {}] })).toEqual(["b"]);
    expect(chosen({ members: [{ saidBusy: true }, { saidBusy: true }] })).toEqual(["a", "b"]);
  });

  it("leaves out who cannot answer such a request, when another can", () => {
    const fits = ({ member }: { readonly member: Member }) => member.id === "b";
    expect(chosen({ members: [{}, {}], request: { fits } })).toEqual(["b"]);
    expect(chosen({ members: [{}], request: { fits } })).toEqual(["a"]);
  });
});

describe("tags", () => {
  const members = [{ routing: { tags: ["free"] } }, { routing: { tags: ["paid", "eu"] } }, {}];
  const enabled = { tags: { enabled: true } };

  it.each<[RoutingOptions, readonly string[], readonly string[]]>([
    [{}, ["paid"], ["a", "b", "c"]],
    [enabled, ["paid"], ["b"]],
    [enabled, ["paid", "free"], ["a", "b"]],
    [{ tags: { enabled: true, matchAny: false } }, ["paid", "eu"], ["b"]],
    [enabled, [], ["a", "b", "c"]],
  ])("with %j, %j go to %j", (options, tags, expected) => {
    expect(chosen({ members, options, request: { tags } })).toEqual(expected);
  });

  it("nobody has are the caller's mistake, unless there is a default", () => {
    const nobody = chosen({ members, options: enabled, request: { tags: ["gold"] } });
    expect(nobody).toMatchObject({ code: "invalid_value", setting: "tags" });
    const withDefault = [...members, { routing: { tags: ["default"] } }];
    expect(chosen({ members: withDefault, options: enabled, request: { tags: ["gold"] } })).toEqual(["d"]);
    expect(chosen({ members: withDefault, options: enabled, request: {} })).toEqual(["d"]);
  });

  it("are matched against headers, in whatever case servers hand them on", () => {
    const pattern = { routing: { tagPatterns: ["^User-Agent: claude-code/"] } };
    const ask = (headers: Record<string, string>) =>
      chosen({ members: [pattern, {}], options: enabled, request: { headers } });
    expect(ask({ "user-agent": "claude-code/2.0" })).toEqual(["a"]);
    expect(ask({ "User-Agent": "claude-code/2.0" })).toEqual(["a"]);
    expect(ask({ "user-agent": "curl" })).toEqual(["a", "b"]);
    expect(() => chosen({ members: [{ routing: { tagPatterns: ["("] } }] })).toThrow('"(" is no regular expression');
  });
});

describe("preCallChecks", () => {
  const members = [{ contextLength: 100 }, { contextLength: 1000 }, {}];
  const ask = (tokens: number, options: RoutingOptions, of: readonly TestMember[] = members) =>
    chosen({ members: of, options, request: { tokens: () => tokens } });

  it("leave out whose window is too small", () => {
    expect(ask(500, {})).toEqual(["a", "b", "c"]);
    expect(ask(500, { preCallChecks: true })).toEqual(["b", "c"]);
    expect(ask(500, { preCallChecks: true }, [{ contextLength: 100 }])).toMatchObject({
      code: "context_length_exceeded",
    });
  });
});
