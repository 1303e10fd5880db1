import { describe, expect, it } from "vitest";
import { startEngine } from "../test/start-engine.ts";
import { type Attempt, createLlamaduct } from "./index.ts";

const messages = [{ role: "user", content: "hi" }] as const;
const busy = { status: 503, chunks: ['{"error":"server busy, please try again.  maximum pending requests exceeded"}'] };

/** Nobody has said how requests are routed: the router is loaded by the first that fails. */
const plainly = () => startEngine({ routing: undefined });

async function attemptsOf(
  run: (onAttempt: (attempt: Attempt) => void) => Promise<unknown>,
): Promise<readonly number[]> {
  const attempts: number[] = [];
  await run(({ attempts: number }) => attempts.push(number)).catch(() => {});
  return attempts;
}

describe("an engine that only calls models", () => {
  it("N5: asks a busy host again, as if its failure had been the router's to see", async () => {
    const { engine, emulator } = await plainly();
    emulator.enqueue(busy);
    expect(await attemptsOf((onAttempt) => engine.chat({ model: "plain", messages }, { onAttempt }))).toEqual([1, 2]);
    expect(emulator.requests).toHaveLength(2);
  });

  it("throws what is nobody's but the caller's fault, after one attempt", async () => {
    const { engine, emulator } = await plainly();
    await expect(engine.chat({ model: "nope", messages })).rejects.toMatchObject({ code: "model_not_found" });
    await expect(engine.chat({ model: "plain", messages, num_ctx: "many" })).rejects.toMatchObject({
      setting: "extra.num_ctx",
    });
    expect(emulator.requests).toHaveLength(1);
  });

  it("counts a first failure: a host that cannot be reached is left alone for a while", async () => {
    const { engine, emulator } = await plainly();
    expect(engine.states().map(({ healthy }) => healthy)).toEqual([true, true, true, true]);
    await emulator.close();
    const ask = () => engine.chat({ model: "plain", messages });
    // At the same time, each is told its own failure.
    for (const result of await Promise.allSettled([ask(), ask()]))
      expect(result).toMatchObject({ status: "rejected", reason: { code: "upstream_connection_failed" } });
    await expect(ask()).rejects.toMatchObject({ code: "no_healthy_upstream" });
    expect(engine.states()[0]?.healthy).toBe(false);
  });

  it("M2: rethrows an abort's own reason, before and while the host is asked", async () => {
    const { engine, emulator } = await plainly();
    const reason = new Error("enough");
    const before = engine.chat({ model: "plain", messages }, { signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toBe(reason);
    const controller = new AbortController();
    emulator.enqueue({ fault: { silenceBeforeHeaders: true } });
    const pending = engine.chat({ model: "plain", messages }, { signal: controller.signal });
    await expect.poll(() => emulator.requests.length).toBe(1);
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(engine.states()[0]?.healthy).toBe(true);
  });
});

describe("mistakes in how requests are to be routed", () => {
  const deployments = [{ name: "m", model: "ollama_chat/plain", routing: { tagPatterns: ["("] } }];

  it("are told by ready(), and by every request", async () => {
    const engine = createLlamaduct({ deployments });
    const mistake = /the tag pattern "\(" is no regular expression/;
    await expect(engine.ready()).rejects.toThrow(mistake);
    await expect(engine.chat({ model: "m", messages })).rejects.toThrow(mistake);
    await expect(engine.chat({ model: "m", messages })).rejects.toThrow(mistake);
  });
});
