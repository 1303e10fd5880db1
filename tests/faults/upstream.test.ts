import { afterAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../packages/ollama-emulator/src/index.ts";
import { MODES, type Seen } from "./ask.ts";
import { BEFORE_CONTENT } from "./before-content-rows.ts";
import { eventually } from "./eventually.ts";
import { IN_CONTENT } from "./in-content-rows.ts";
import { nothingLeft } from "./nothing-left.ts";
import { type Gateway, startGateway } from "./start-gateway.ts";
import { startUpstream } from "./start-upstream.ts";
import type { UpstreamRow } from "./upstream-row.ts";

const SENTENCE = "The quick brown llama jumps over the lazy alpaca.";
const TWO: readonly [name: string, rows: readonly UpstreamRow[]][] = [
  ["before content", BEFORE_CONTENT],
  ["in content", IN_CONTENT],
];

afterAll(nothingLeft, 30_000);

describe.concurrent.each(TWO)("%s", { timeout: 30_000 }, (_, rows) => {
  describe.each(Object.entries(MODES))("%s", (mode, ask) => {
    it.each(rows)("$id: $fault", async (row) => {
      await using upstream = await startUpstream(row, 1);
      await using gateway = await startGateway({
        upstreams: [upstream.url],
        deadlines: row.deadlines,
        // Health is the last test's; here the next request comes at once.
        routing: { cooldowns: false },
      });
      const { emulator } = upstream;
      if (row.reused) await useConnection(gateway);
      const seen = await ask(gateway, row.request);
      expect(seen).toMatchObject(toSeen(row, mode));
      expect(seen.raw).not.toContain("secret");
      expect(asked(emulator)).toBe(emulator === undefined ? 0 : (row.attempts ?? 1));
      await noted(gateway, row, mode);
      await settled(gateway, emulator, row);
      // The slot is free, and on no connection is anything left of the answer before.
      if (emulator !== undefined) expect(await ask(gateway)).toMatchObject({ text: SENTENCE, isComplete: true });
    });
  });

  it.each(rows)("$id: $fault; another upstream is there", async (row) => {
    await using upstream = await startUpstream(row, 1);
    await using other = await startEmulator();
    const upstreams = [upstream.url, other.url];
    await using gateway = await startGateway({ upstreams, deadlines: row.deadlines });
    if (row.reused) await useConnection(gateway);
    const seen = await MODES.streamed(gateway, row.request);
    expect(seen).toMatchObject(row.failsOver ? { text: SENTENCE, isComplete: true } : toSeen(row, "streamed"));
    expect(asked(other)).toBe(row.failsOver ? 1 : 0);
    await settled(gateway, upstream.emulator, row);
    if (row.failsOver) {
      await eventually(() => expect(gateway.records.length).toBe(1));
      expect(gateway.records[0]).toMatchObject({ outcome: "finished", attempts: 2, deploymentId: "1" });
    }
  });

  it.each(rows.filter(({ ends }) => ends !== "well"))("$id: $fault; five times in a row", async (row) => {
    await using upstream = await startUpstream(row, 5);
    await using other = await startEmulator();
    // Nobody waits for what fails: it may fail sooner.
    const deadlines = row.deadlines && { firstPartMs: 50, idleMs: 50 };
    await using gateway = await startGateway({ upstreams: [upstream.url, other.url], deadlines });
    for (let index = 0; index < 5; index++) await MODES.library(gateway, { ...row.request, num_retries: 0 });
    expect(gateway.engine.states()[0]?.healthy).toBe(!row.opensBreaker);
  });
});

/** What a row says, as a client of that kind is told it. */
function toSeen({ text = "", ends, finish = "stop", retryAfter }: UpstreamRow, mode: string): Partial<Seen> {
  if (ends === "well") return { text, isComplete: true, finish };
  const hasBegun = text !== "";
  return {
    text: mode === "whole" ? "" : text,
    error: mode === "streamed" && hasBegun ? ends.replace(/^\d+/, "200") : ends,
    isComplete: false,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

/** The pool has a connection that has served a request. A refusal does: it has been read to its end. */
async function useConnection({ engine }: Gateway): Promise<void> {
  await expect(engine.embedding({ model: "m", input: "hi" })).rejects.toThrow();
  // The client counts it as free only in a later turn of the event loop.
  await new Promise(setImmediate);
}

function asked(emulator: Emulator | undefined): number {
  return emulator?.requests.filter(({ path }) => path === "/api/chat").length ?? 0;
}

/** The line that the request leaves in the log, and in metrics. */
async function noted({ records }: Gateway, { ends }: UpstreamRow, mode: string): Promise<void> {
  if (mode === "library") return;
  await eventually(() => expect(records.length).toBe(1));
  const code = ends === "well" ? undefined : ends.replace(/^\d+ /, "");
  expect(records[0]).toMatchObject({ outcome: ends === "well" ? "finished" : "failed" });
  expect(records[0]?.errorCode).toBe(code);
}

/** Nothing runs, waits, or is held by anybody any more. */
async function settled({ engine }: Gateway, emulator: Emulator | undefined, row: UpstreamRow): Promise<void> {
  await eventually(() => expect(engine.states().map(({ inFlight, queued }) => inFlight + queued)).not.toContain(1));
  if (emulator === undefined) return;
  const ends = await Promise.all(emulator.requests.map(({ ended }) => ended));
  expect(ends.includes("aborted")).toBe(row.cancelled === true);
  // One that is whole may serve another request.
  await eventually(() => expect(emulator.connections).toBeLessThanOrEqual(row.cancelled ? 0 : 1));
}
