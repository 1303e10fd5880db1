import { describe, expect, it } from "vitest";
import { finish, parts, play, providerOf, start } from "../test/streams.ts";
import { defineProvider } from "./define-provider.ts";
import type { ChatRequest, Provider } from "./spec.ts";

const request: ChatRequest = { messages: [], settings: { temperature: 1, topK: 3, seed: undefined } };
const stream = (provider: Provider, body: ChatRequest) => provider.chatModel?.("m").stream(body) ?? play([]);

describe("defineProvider", () => {
  it("warns in start about settings the provider cannot send, and only those", async () => {
    const provider = defineProvider(providerOf(() => play([[start, finish]]), ["temperature"]));
    const [first] = await parts(stream(provider, request));
    expect(first).toMatchObject({
      type: "start",
      warnings: [{ setting: "settings.topK" }],
    });
  });

  it("refuses them before any I/O when strictSettings is set", async () => {
    let called = false;
    const provider = defineProvider(
      providerOf(() => {
        called = true;
        return play([[start, finish]]);
      }, ["temperature"]),
    );
    await expect(parts(stream(provider, { ...request, strictSettings: true }))).rejects.toMatchObject({
      code: "unsupported",
      setting: "settings.topK",
      provider: "p",
    });
    expect(called).toBe(false);
  });

  it("passes batches on as they are when there is nothing to add", async () => {
    const batch = [start, finish];
    const provider = defineProvider(providerOf(() => play([batch]), ["temperature", "topK"]));
    for await (const seen of stream(provider, request)) expect(seen).toBe(batch);
  });

  it("guards: a stream() that throws at once is the adapter's fault, said as such", async () => {
    const provider = defineProvider(
      providerOf(() => {
        throw new TypeError("oops");
      }),
    );
    await expect(parts(stream(provider, { messages: [] }))).rejects.toMatchObject({
      code: "provider_error",
      message: "The adapter of p/m threw something that is not a ProviderError (errors.provider-error).",
    });
  });

  it("owns the errors of the other methods, and hands an abort's reason back", async () => {
    const failing = defineProvider({
      ...providerOf(() => play([])),
      listModels: () => Promise.reject(new TypeError("oops")),
      describe: () => Promise.reject(new DOMException("Aborted", "AbortError")),
      status: () => Promise.reject(new TypeError("oops")),
    });
    await expect(failing.status?.()).rejects.toMatchObject({ code: "provider_error", provider: "p" });
    await expect(failing.listModels?.()).rejects.toMatchObject({ code: "provider_error", provider: "p" });
    const reason = new Error("left");
    await expect(failing.describe?.("m", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("does nothing twice", () => {
    const once = defineProvider(providerOf(() => play([])));
    expect(defineProvider(once)).toBe(once);
  });
});
