import { startEmulator } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import type { PullProgress } from "./life-cycle.ts";
import { createOllamaHost } from "./ollama-host.ts";

describe.each(["0.24.0", "0.33.0"] as const)("Ollama %s", (version) => {
  it("I7: loads a model with what is asked for, and unloads it", async () => {
    await using emulator = await startEmulator({ version });
    const host = createOllamaHost({ baseURL: emulator.url });
    await host.load("plain", { keepAlive: "-1", numCtx: 8192, options: { num_gpu: "0" } });
    await host.unload("plain");
    expect(emulator.requests.map(({ path, body }) => [path, body])).toMatchInlineSnapshot(`
      [
        [
          "/api/generate",
          {
            "keep_alive": -1,
            "model": "plain",
            "options": {
              "num_ctx": 8192,
              "num_gpu": 0,
            },
            "prompt": "",
            "stream": true,
          },
        ],
        [
          "/api/generate",
          {
            "keep_alive": 0,
            "model": "plain",
            "prompt": "",
            "stream": true,
          },
        ],
      ]
    `);
  });

  it("loads an embedding model through the endpoint that does, and unloads it", async () => {
    await using emulator = await startEmulator({ version });
    const host = createOllamaHost({ baseURL: emulator.url });
    await host.load("embedder", { keepAlive: 60 });
    await host.unload("embedder");
    expect(emulator.requests.map(({ path }) => path)).toEqual(["/api/generate", "/api/embed", "/api/generate"]);
    expect(emulator.requests[1]?.body).toEqual({ model: "embedder", input: [], keep_alive: 60 });
  });

  it("says when there is no such model, or no such option", async () => {
    await using emulator = await startEmulator({ version });
    const host = createOllamaHost({ baseURL: emulator.url });
    await expect(host.load("nope")).rejects.toMatchObject({ code: "model_not_found" });
    await expect(host.unload("nope")).rejects.toMatchObject({ code: "model_not_found" });
    await expect(host.load("plain", { keepAlive: "soon" })).rejects.toMatchObject({ setting: "extra.keep_alive" });
    await expect(host.load("plain", { options: { wings: 2 } })).rejects.toMatchObject({ code: "unsupported" });
  });
});

describe("a pull", () => {
  async function pull(chunks: readonly string[]): Promise<{ seen: readonly PullProgress[]; error: unknown }> {
    await using emulator = await startEmulator();
    emulator.enqueue({ path: "/api/pull", chunks });
    const seen: PullProgress[] = [];
    try {
      for await (const batch of createOllamaHost({ baseURL: emulator.url }).pull("me/m")) seen.push(...batch);
    } catch (error) {
      return { seen, error };
    }
    expect(emulator.requests[0]?.body).toEqual({ model: "me/m", stream: true });
    return { seen, error: undefined };
  }

  it("tells how far it is", async () => {
    const { seen } = await pull([
      '{"status":"pulling manifest"}\n',
      '{"status":"pulling 4f2d","digest":"sha256:4f2d","total":9}\n{"status":"pulling 4f2d","digest":"sha256:4f2d","total":9,"completed":4}\n',
      '{"status":"success"}\n',
    ]);
    expect(seen).toEqual([
      { status: "pulling manifest" },
      { status: "pulling 4f2d", digest: "sha256:4f2d", totalBytes: 9, completedBytes: 0 },
      { status: "pulling 4f2d", digest: "sha256:4f2d", totalBytes: 9, completedBytes: 4 },
      { status: "success" },
    ]);
  });

  it.each([
    ["of an unknown model", '{"error":"pull model manifest: file does not exist"}\n', "model_not_found"],
    ["that ends early", "", "upstream_stream_interrupted"],
    ["of another shape", '{"message":"hi"}\n', "upstream_protocol_error"],
  ])("%s fails after what it told", async (_, end, code) => {
    const { seen, error } = await pull(['{"status":"pulling manifest"}\n', end]);
    expect(seen).toEqual([{ status: "pulling manifest" }]);
    expect(error).toMatchObject({ code });
  });
});
