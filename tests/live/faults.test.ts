import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createLlamaduct, type Llamaduct } from "../../packages/llamaduct/src/index.ts";
import { createModels } from "../../tooling/live/create-models.ts";
import { enginePids, hasOwnServers, kill, type OwnServer, ownServer, start, stop } from "./own-server.ts";

const SENTENCE = "The quick brown llama jumps over the lazy alpaca.";
const messages = [{ role: "user", content: "hi" }] as const;
/** So that a queue is soon full. */
const narrow = { OLLAMA_MAX_QUEUE: "1", OLLAMA_NUM_PARALLEL: "1", OLLAMA_MAX_LOADED_MODELS: "1" };

/** Of the version that is tested; it is killed, and the one that `OLLAMA_HOST` names is not. */
let server: OwnServer;
let engine: Llamaduct;

describe.skipIf(!hasOwnServers)("a real server goes wrong", () => {
  beforeAll(async () => {
    const { version } = (await (await fetch(`${inject("ollamaURL")}/api/version`)).json()) as { version: string };
    server = ownServer(version, 11635);
    await start(server, narrow);
    await createModels(server.url);
    engine = createLlamaduct({
      deployments: [
        { name: "*", model: "ollama_chat/llamaduct/*", settings: { baseURL: server.url } },
        {
          name: "endless",
          model: "ollama_chat/llamaduct/looper",
          settings: { baseURL: server.url },
          routing: { order: 1 },
        },
        {
          name: "endless",
          model: "ollama_chat/llamaduct/plain",
          settings: { baseURL: inject("ollamaURL") },
          routing: { order: 2 },
        },
      ],
      routing: { cooldowns: false, status: { intervalMs: 0 } },
    });
  }, 180_000);
  afterAll(async () => {
    engine.close();
    await stop(server);
  });

  it("A23: the engine is killed before an answer: that one may fail, the next does not", async () => {
    await ask("plain");
    for (const pid of await enginePids(server)) process.kill(pid, "SIGKILL");
    const first = await ask("plain").catch((error) => error);
    if (first !== SENTENCE) expect(first).toMatchObject({ status: 502 });
    expect(await ask("plain")).toBe(SENTENCE);
  });

  it("B28: the engine is killed in the middle of an answer: the stream ends with an error", async () => {
    const { error, text } = await breakOff("looper", async () => {
      for (const pid of await enginePids(server)) process.kill(pid, "SIGKILL");
    });
    expect(error).toMatchObject({ code: "upstream_error", status: 502 });
    expect(text).toMatch(/^ping pong Ping Pong/);
    expect(await ask("plain")).toBe(SENTENCE);
  });

  it.each(["SIGTERM", "SIGKILL"] as const)("B27: %s for the server in the middle of a stream", async (signal) => {
    const { error, text } = await breakOff("endless", async () => {
      const engines = await enginePids(server);
      kill(server, signal);
      // Nobody else would end them, and this one has an endless answer to give.
      for (const pid of engines) signalIfThere(pid, "SIGKILL");
    });
    expect(error).toMatchObject({ status: 502, code: expect.stringMatching(/^upstream_(stream_interrupted|error)$/) });
    expect(text).toMatch(/^ping pong/);
    await gone(server);
    const { attempt, body } = await engine.chat({ model: "endless", messages });
    expect(attempt).toMatchObject({ attempts: 2 });
    expect(JSON.stringify(body)).toContain(SENTENCE);
    await start(server, narrow);
    expect(await ask("plain")).toBe(SENTENCE);
  });

  it("B9, N2: a model whose stream ends without done", async () => {
    const { error, text } = await breakOff("stuck", async () => {});
    expect(error).toMatchObject({ code: "upstream_stream_interrupted", status: 502 });
    expect(text).toMatch(/^(again)+/);
  });

  it("L6: a load that takes long is waited for, and has a limit where there is one", async () => {
    for (const stream_timeout of [undefined, 0.5]) {
      await unload("unicode", "plain");
      const before = await enginePids(server);
      const asked = breakOff("plain", async () => {}, { stream_timeout });
      const pids = await nextPids(server, before);
      for (const pid of pids) process.kill(pid, "SIGSTOP");
      await delay(1500);
      // A load that nobody waits for any more is given up.
      for (const pid of pids) signalIfThere(pid, "SIGCONT");
      const { error, text } = await asked;
      if (stream_timeout === undefined) expect(text).toBe(SENTENCE);
      else expect(error).toMatchObject({ status: 504, code: "upstream_first_byte_timeout" });
    }
    expect(await ask("plain")).toBe(SENTENCE);
  });

  it("A22: a queue that is full: who finds no place is told so at once, the others are answered", async () => {
    const [stop, enough] = [new AbortController(), new Error("enough")];
    const holding = engine.completion({ model: "looper", messages, stream: true }, { signal: stop.signal });
    const endless = (await holding)[Symbol.asyncIterator]();
    await endless.next();
    let refused = 0;
    // Another window has the model loaded anew, and that has to wait for who is using it.
    const asked = [512, 1024, 1536, 2048, 2560].map((num_ctx) =>
      ask("plain", { num_ctx, num_retries: 0 }).catch((error) => {
        expect(error).toMatchObject({ status: 503, code: "upstream_busy" });
        if (++refused === 1) stop.abort(enough);
        return "refused";
      }),
    );
    const reading = (async () => {
      for (;;) if ((await endless.next()).done) return;
    })();
    await expect(reading).rejects.toBe(enough);
    expect(new Set(await Promise.all(asked))).toEqual(new Set(["refused", SENTENCE]));
    expect(await ask("plain")).toBe(SENTENCE);
  });
});

async function ask(model: string, extra: object = {}): Promise<string | null | undefined> {
  const { choices } = await engine.completion({ model, messages, ...extra });
  return choices[0]?.message.content;
}

/** Does that after a few parts of a stream, and tells how it ended. */
async function breakOff(model: string, act: () => Promise<void>, extra: object = {}) {
  let text = "";
  let chunks = 0;
  try {
    for await (const chunk of await engine.completion({ model, messages, stream: true, ...extra })) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (++chunks === 8) await act();
    }
    return { text };
  } catch (error) {
    return { text, error };
  }
}

async function unload(...models: readonly string[]): Promise<void> {
  for (const model of models) await post("/api/generate", { model: `llamaduct/${model}`, keep_alive: 0 });
  await expect.poll(() => enginePids(server), { timeout: 10_000 }).toEqual([]);
}

async function post(path: string, body: object): Promise<void> {
  await (await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) })).arrayBuffer();
}

async function nextPids(server: OwnServer, before: readonly number[]): Promise<readonly number[]> {
  for (;;) {
    const pids = (await enginePids(server)).filter((pid) => !before.includes(pid));
    if (pids.length > 0) return pids;
  }
}

async function gone({ url }: OwnServer): Promise<void> {
  const isThere = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  await expect.poll(isThere, { timeout: 10_000 }).toBe(false);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Its server has ended it before us.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
