import type { CallEnd } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { startEngine } from "../test/start-engine.ts";

const silent = { path: "/api/embed", fault: { silenceBeforeHeaders: true } } as const;

describe("embed", () => {
  it.each(["embedder", "ollama/embedder", "ollama_chat/embedder"])("J3: %s embeds a list, in order", async (model) => {
    const { engine, emulator, bodies } = await startEngine();
    const vectors = [
      [1, 0],
      [0, 1],
      [0.5, 0.25],
    ];
    emulator.enqueue({
      path: "/api/embed",
      headers: { "content-type": "application/json" },
      chunks: [JSON.stringify({ model: "embedder", embeddings: vectors, prompt_eval_count: 6 })],
    });
    const list = await engine.embedding({ model, input: ["a", "b", "c"], keep_alive: "5m", num_ctx: 256 });
    expect(list).toEqual({
      object: "list",
      model,
      data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
      usage: { prompt_tokens: 6, total_tokens: 6 },
    });
    expect(bodies("/api/embed")).toEqual([
      { model: "embedder", input: ["a", "b", "c"], keep_alive: "5m", truncate: false, options: { num_ctx: 256 } },
    ]);
  });

  it("says what had no effect, under the field's OpenAI name", async () => {
    const { engine } = await startEngine();
    const { warnings, model } = await engine.embed({ model: "embedder", input: "a", user: "ann", wings: 2 });
    expect(warnings.map(({ setting }) => setting)).toEqual(["user", "wings"]);
    expect(model).toBe("ollama_chat/embedder");
  });

  it.each<[string, object, object]>([
    ["J4: an unknown model", { model: "nope" }, { code: "model_not_found" }],
    ["a model that chats", { model: "plain" }, { code: "unsupported", setting: "model" }],
    ["J2: more dimensions than there are", { dimensions: 9999 }, { code: "invalid_value", setting: "dimensions" }],
    ["J5: tokens", { input: [1, 2] }, { code: "invalid_value", setting: "input" }],
    ["nothing", { input: [] }, { code: "invalid_value", setting: "input" }],
  ])("refuses %s on both versions", async (_, fields, error) => {
    for (const version of ["0.24.0", "0.33.0"] as const) {
      const { engine } = await startEngine({}, version);
      await expect(engine.embed({ model: "embedder", input: "a", ...fields })).rejects.toMatchObject(error);
    }
  });

  it("ends what takes longer than its deployment allows, upstream too", async () => {
    const deployments = [{ name: "e", model: "ollama/embedder", timeoutMs: 30 }];
    const { engine, emulator } = await startEngine({ deployments });
    await engine.embedding({ model: "e", input: "warm" }).catch(() => {}); // What the model can do is known from here on.
    emulator.enqueue(silent);
    await expect(engine.embed({ model: "e", input: "a" })).rejects.toMatchObject({ code: "upstream_total_timeout" });
    expect(await emulator.requests.findLast(({ path }) => path === "/api/embed")?.ended).toBe("aborted");
  });

  it("tells the observer once of each call, and is not hurt by one that throws", async () => {
    const ends: CallEnd[] = [];
    const onEnd = (end: CallEnd) => {
      ends.push(end);
      throw new Error("an observer's own fault");
    };
    const { engine, emulator } = await startEngine({ observer: { onEnd } });
    const stop = new AbortController();
    await engine.embed({ model: "embedder", input: "a", wings: 2 });
    await expect(engine.embed({ model: "plain", input: "a" })).rejects.toMatchObject({ code: "unsupported" });
    emulator.enqueue(silent);
    const left = engine.embed({ model: "embedder", input: "b" }, { signal: stop.signal });
    const rejected = expect(left).rejects.toBe("mine");
    while ((await emulator.nextRequest("/api/embed")).text.includes('"a"'));
    stop.abort("mine");
    await rejected;
    expect(ends.map(({ outcome, provider, modelId }) => `${outcome} ${provider}/${modelId}`)).toEqual([
      "finished ollama_chat/embedder",
      "failed ollama_chat/plain",
      "aborted ollama_chat/embedder",
    ]);
    expect(ends[0]?.warnings).toMatchObject([{ setting: "extra.wings" }]);
    expect(ends.map(({ totalMs }) => totalMs >= 0)).toEqual([true, true, true]);
  });
});
