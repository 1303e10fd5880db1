import { conformanceCases, type Target } from "@llamaduct/conformance";
import { type Batch, type CallOptions, defineProvider, type Stream, type StreamPart } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { chat, generate } from "./targets.ts";

type Tamper = (stream: (options?: CallOptions) => Stream, options?: CallOptions) => Stream;

/** A provider that tampers with the answers of one that is sound, where no guard is between it and the kit. */
function tampered(tamper: Tamper, { provider, siblings, upstream }: Target = chat): Target {
  return {
    provider: {
      ...provider,
      create(settings, sibling) {
        const { specVersion, id, settings: known, chatModel } = provider.create(settings, sibling);
        return {
          specVersion,
          id,
          settings: known,
          chatModel(modelId, facts) {
            const model = chatModel?.(modelId, facts);
            if (model === undefined) throw new Error("no chat models");
            return { ...model, stream: (request, options) => tamper((given) => model.stream(request, given), options) };
          },
        };
      },
    },
    siblings,
    modelId: "m",
    upstream: { ...upstream, text: undefined, embeddings: undefined, models: undefined },
  };
}

/** Rewrites each batch. */
const rewriting = (rewrite: (parts: readonly StreamPart[]) => readonly Batch[]): Tamper =>
  async function* (open, options) {
    for await (const batch of open(options)) yield* rewrite([...batch]);
  };

/** The ids of the cases that fail. */
async function failing(target: Target): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const { id, run } of conformanceCases(target)) await run().catch(() => ids.push(id));
  return ids;
}

async function failureOf(id: string, target: Target): Promise<string> {
  const found = conformanceCases(target).find((one) => one.id === id && one.kind === "chat");
  const error: unknown = await found?.run().catch((caught: unknown) => caught);
  return error instanceof Error ? error.message : "It passes.";
}

const only = (type: StreamPart["type"], change: (part: StreamPart) => readonly StreamPart[]) =>
  rewriting((parts) => {
    const changed = parts.flatMap((part) => (part.type === type ? change(part) : [part]));
    return changed.length === 0 ? [] : [changed];
  });

describe.each([
  ["ollama_chat", chat],
  ["ollama", generate],
])("a provider that breaks the sequence is told which clause: %s", (provider, base) => {
  it.each<[string, string, Tamper]>([
    ["no finish", "stream.finish-once", only("finish", () => [])],
    ["two finishes", "stream.finish-once", only("finish", (part) => [part, part])],
    [
      "a finish in a batch of its own, and another",
      "stream.finish-once",
      rewriting((parts) => (parts.at(-1)?.type === "finish" ? [parts, parts.slice(-1)] : [parts])),
    ],
    ["parts after finish", "stream.finish-once", only("finish", (part) => [part, { type: "text-delta", text: "!" }])],
    ["no start", "stream.start-first", only("start", () => [])],
    ["two starts", "stream.start-first", only("start", (part) => [part, part])],
    ["an empty batch", "stream.batches", rewriting((parts) => [parts, []])],
    [
      "a batch that is read once",
      "stream.batches",
      rewriting((parts) => [{ length: parts.length, ...onceIterable(parts) }]),
    ],
    ["an empty delta", "stream.no-empty-delta", only("start", (part) => [part, { type: "text-delta", text: "" }])],
    [
      "one id for all calls",
      "stream.tool-calls",
      only("tool-call-start", (part) => [{ ...part, id: "" } as StreamPart]),
    ],
    ["a call without arguments", "stream.tool-calls", only("tool-call-delta", () => [])],
  ])("%s", async (_, clause, tamper) => {
    expect(await failureOf(clause, tampered(tamper, base))).toMatch(`The provider ${provider} breaks ${clause}: `);
  });

  it("a signal that is ignored", async () => {
    const target = tampered((open) => open(), base);
    expect(await failureOf("abort.waiting", target)).toMatch(`The provider ${provider} breaks abort.waiting: `);
  });

  it("a sound one passes", async () => {
    expect(await failing(tampered((open, options) => open(options), base))).toEqual([]);
  });
});

describe("a provider that", () => {
  it("core holds to the contract is looked at without that: what core would mend is told", async () => {
    const { provider, ...rest } = tampered(
      rewriting((parts) => (parts.at(-1)?.type === "finish" ? [parts, parts] : [parts])),
    );
    const create: typeof provider.create = (...given) => defineProvider(provider.create(...given));
    const target = { ...rest, provider: { ...provider, create } };
    expect(await failureOf("stream.finish-once", target)).toMatch("breaks stream.finish-once: ");
  });

  it("ends its answers whatever happened is told", async () => {
    const target = tampered(async function* (open, options) {
      try {
        yield* open(options);
      } catch {
        yield [{ type: "finish", reason: "stop", usage: { inputTokens: 0, outputTokens: 0 } }];
      }
    });
    expect(await failing(target)).toEqual(
      expect.arrayContaining(["stream.truncated", "stream.malformed", "stream.connection-lost", "errors.statuses"]),
    );
  });

  it("holds its answers back is told", async () => {
    const target = tampered(async function* (open, options) {
      const parts: StreamPart[] = [];
      for await (const batch of open(options)) parts.push(...batch);
      yield parts;
    });
    expect(await failureOf("stream.incremental", target)).toMatch("breaks stream.incremental");
    expect(await failureOf("stream.truncated", target)).toMatch(
      "breaks stream.truncated: The text before an early end",
    );
  });
});

describe("skips", () => {
  const skip = (id: string, reason = "because", kind?: "chat") =>
    conformanceCases({ ...chat, skip: [{ id, reason, kind }] });

  it("need a reason, and a case that is there", () => {
    expect(() => skip("stream.finish-once", " ")).toThrow('The skip of "stream.finish-once" gives no reason.');
    expect(() => skip("stream.no-such-case")).toThrow('There is no case "stream.no-such-case" to skip here.');
    expect(() => skip("text.prompt", "because", "chat")).toThrow('There is no case "text.prompt" to skip here.');
  });

  it("a skipped case that passes is a failure, of that kind of work only", async () => {
    const cases = skip("stream.start-first", "because", "chat").filter(({ id }) => id === "stream.start-first");
    const [ofChat, ofText] = cases;
    expect(ofChat?.title).toContain("(skipped: because)");
    await expect(ofChat?.run()).rejects.toThrow('stream.start-first is skipped ("because"), but it passes');
    await expect(ofText?.run()).resolves.toBeUndefined();
  });

  it("a skipped case that fails is none", async () => {
    const target = tampered(only("finish", () => []));
    const cases = conformanceCases({ ...target, skip: [{ id: "stream.finish-once", reason: "not yet" }] });
    await expect(cases.find(({ id }) => id === "stream.finish-once")?.run()).resolves.toBeUndefined();
  });
});

function onceIterable<Item>(items: readonly Item[]): { [Symbol.iterator](): Iterator<Item> } {
  const iterator = items[Symbol.iterator]();
  return { [Symbol.iterator]: () => iterator };
}
