// Issue 8: what is wrong with a provider, or with what it is given, is told by its name and the clause of docs/spec.md.

import { createRegistry, ProviderError, type ProviderFactory, type Stream, type StreamPart } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { startEngine, type TestEngine } from "../test/start-engine.ts";
import { createLlamaduct, DEFAULT_PROVIDERS } from "./index.ts";

const adapters = DEFAULT_PROVIDERS.map((factory) => [factory.id, factory] as const);

describe.each(adapters)("%s", (id, factory) => {
  describe.each([
    ["an option that it does not know", { options: { typo: 1 } }, "options.typo", "provider.options"],
    ["a base URL that is none", { baseURL: "http://a b" }, "baseURL", "provider.base-url"],
    ["a base URL with a scheme that is not HTTP's", { baseURL: "ftp://host" }, "baseURL", "provider.base-url"],
  ])("given %s", (_, settings, setting, clause) => {
    const refusal = expect.objectContaining({
      code: "invalid_value",
      provider: id,
      setting,
      message: expect.stringContaining(`(${clause})`),
    });

    it("refuses in a registry, by name and clause", () => {
      expect(() => createRegistry([factory]).provider(id, settings)).toThrow(refusal);
    });

    it("refuses when the engine is made, by name and clause", () => {
      const deployments = [{ name: "m", model: `${id}/m`, settings: { baseURL: "http://host", ...settings } }];
      expect(() => createLlamaduct({ providers: [factory], deployments })).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(new RegExp(`^Deployment "m": .*\\(${clause}\\)`)),
          cause: refusal,
        }),
      );
    });
  });

  it("twice is one too many, for a registry and for an engine", () => {
    const message = `Provider ${id} is there twice (provider.factory).`;
    expect(() => createRegistry([factory, factory])).toThrow(message);
    expect(() => createLlamaduct({ providers: [factory, factory] })).toThrow(message);
  });

  it("without create(), or not unpacked, is no factory, for a registry and for an engine", () => {
    const needs = "needs create() and an id that matches ^[a-z][a-z0-9_-]*$ (provider.factory).";
    const whole: unknown = { default: { provider: factory }, provider: factory };
    for (const [given, name] of [
      [{ specVersion: 1, id }, id],
      [whole, 1],
      [undefined, 1],
    ] as const) {
      const providers = [given as ProviderFactory];
      expect(() => createRegistry(providers)).toThrow(`Provider ${name} ${needs}`);
      expect(() => createLlamaduct({ providers })).toThrow(`Provider ${name} ${needs}`);
    }
  });

  it.each<[string, string, (parts: readonly StreamPart[]) => readonly StreamPart[]]>([
    [
      "no finish",
      "ended without a finish part (stream.finish-once)",
      (parts) => parts.filter(({ type }) => type !== "finish"),
    ],
    [
      "two finishes",
      'yielded "finish" after finish in one batch (stream.finish-once)',
      (parts) => parts.flatMap((part): StreamPart[] => (part.type === "finish" ? [part, part] : [part])),
    ],
    [
      "parts after finish",
      'yielded "text-delta" after finish in one batch (stream.finish-once)',
      (parts) => parts.flatMap((part): StreamPart[] => (part.type === "finish" ? [part, AFTER_FINISH] : [part])),
    ],
    ["no start", "before start (stream.start-first)", (parts) => parts.filter(({ type }) => type !== "start")],
  ])("with %s is blamed in the error, whole and streamed", async (_, sentence, rewrite) => {
    const { engine } = await start(factory, async function* (open) {
      for await (const batch of open()) {
        const parts = rewrite([...batch]);
        if (parts.length > 0) yield parts;
      }
    });
    for (const stream of [false, true]) {
      const error = await answerOf(engine, { stream }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "provider_error", provider: id, modelId: "plain" });
      expect((error as Error).message).toMatch(`The adapter of ${id}/plain `);
      expect((error as Error).message).toContain(sentence);
    }
  });

  it("that ignores an abort holds nobody up: the call ends with the signal's own reason", async () => {
    const waits = Promise.withResolvers<void>();
    const { engine } = await start(factory, async function* (open) {
      for await (const batch of open()) {
        yield batch;
        waits.resolve();
        await new Promise(() => {});
      }
    });
    const controller = new AbortController();
    const reason = new Error("the client left");
    const answer = answerOf(engine, { stream: false, signal: controller.signal });
    await waits.promise;
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
  });
});

const AFTER_FINISH: StreamPart = { type: "text-delta", text: "!" };

type Tamper = (open: () => Stream) => Stream;

/** An engine with an adapter on the emulator, whose chats are tampered with, and nobody but the registry to notice. */
async function start(factory: ProviderFactory, tamper: Tamper): Promise<TestEngine> {
  const { id } = factory;
  const tampered: ProviderFactory = {
    ...factory,
    create(settings, sibling) {
      const provider = factory.create(settings, sibling);
      return {
        ...provider,
        chatModel(modelId, facts) {
          const model = provider.chatModel?.(modelId, facts);
          if (model === undefined) throw new ProviderError({ code: "unsupported", message: "It has no chats." });
          return { ...model, stream: (request) => tamper(() => model.stream(request)) };
        },
      };
    },
  };
  const test = await startEngine({ providers: [tampered] });
  const baseURL = id === "openai" ? `${test.emulator.url}/v1` : test.emulator.url;
  test.emulator.enqueue({
    path: "/v1/chat/completions",
    recording: "v1-chat-plain-stream",
    times: Number.POSITIVE_INFINITY,
  });
  return { ...test, engine: createLlamaduct({ providers: [tampered], settings: { [id]: { baseURL } } }) };
}

async function answerOf(
  { completion }: TestEngine["engine"],
  { stream, signal }: { readonly stream: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  const request = { model: "plain", messages: [{ role: "user", content: "hi" }] } as const;
  if (!stream) await completion(request, { signal });
  else for await (const _ of await completion({ ...request, stream: true }, { signal }));
}
