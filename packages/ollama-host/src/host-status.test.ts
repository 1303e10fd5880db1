import { fromFetch } from "@llamaduct/http";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import { hostStatus } from "./host-status.ts";
import { createOllamaHost } from "./ollama-host.ts";

const json = (value: object) => new Response(JSON.stringify(value));

/** A server whose `/api/ps` answers so; its list holds one model. */
function hostWith(ps: (signal: AbortSignal | undefined) => Promise<Response>) {
  const tags = { models: [{ name: "llama3.2:latest", digest: "d" }] };
  const fetch = (url: string | URL, init?: { readonly signal?: AbortSignal | null }) =>
    String(url).endsWith("/api/ps") ? ps(init?.signal ?? undefined) : Promise.resolve(json(tags));
  return createOllamaHost({ transport: fromFetch(fetch as typeof globalThis.fetch) });
}

describe("hostStatus", () => {
  it("O4: asks which models are there and which are loaded, and runs none", async () => {
    await using emulator = await startEmulator();
    const status = await hostStatus(createOllamaHost({ baseURL: emulator.url }));
    expect(status.models.map(({ id }) => id)).toContain("plain:latest");
    expect(status.loaded).toBeInstanceOf(Array);
    expect(emulator.requests.map(({ path }) => path).sort()).toEqual(["/api/ps", "/api/tags"]);
  });

  it("tells with what window a model is loaded, and until when", async () => {
    const running = { name: "llama3.2:latest", context_length: 8192, expires_at: "2026-11-24T10:00:00+02:00" };
    const status = await hostStatus(hostWith(async () => json({ models: [running] })));
    expect(status.loaded).toEqual([
      { id: "llama3.2:latest", contextLength: 8192, until: Date.parse("2026-11-24T08:00:00Z") },
    ]);
  });

  it("gives one key to every spelling of a model", async () => {
    const { toKey } = await hostStatus(hostWith(async () => json({ models: [] })));
    expect(toKey?.("Llama3.2")).toBe(toKey?.("llama3.2:latest"));
  });

  it("O4: is well while a model loads, when the list of loaded ones does not come", async () => {
    const never = (signal: AbortSignal | undefined) =>
      new Promise<Response>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const status = await hostStatus(hostWith(never));
    expect(status).toMatchObject({ loaded: undefined, models: [{ id: "llama3.2:latest" }] });
  });

  it("fails with the listing, and with the caller's own reason", async () => {
    const dead = createOllamaHost({ transport: fromFetch(() => Promise.reject(new TypeError("fetch failed"))) });
    await expect(hostStatus(dead)).rejects.toMatchObject({ code: "upstream_connection_failed" });
    const reason = new Error("left");
    await expect(hostStatus(dead, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
