import cluster, { type Worker } from "node:cluster";
import type { Surroundings } from "../cli/surroundings.ts";
import { newHop } from "../http/request/refuse-loops.ts";
import { forWorkers } from "./generated-key.ts";

/** More deaths of each within a minute say that something is wrong with all of them. */
const DEATHS_EACH = 3;
const MINUTE_MS = 60_000;
/** Whatever ended a worker that died young needs time to pass. */
const YOUNG_MS = 5_000;
const RESPITE_MS = 1_000;

/** What the first process tells its workers. */
export type Order = "stop" | "reload";

const QUIET = "LLAMADUCT_QUIET_WORKER";
const HOP = "LLAMADUCT_HOP";

/** One of several says what all would say: the banner, and what is wrong with the config. */
export function speaks(environment: Surroundings["environment"]): boolean {
  return environment[QUIET] === undefined;
}

/** What all workers call themselves in `Via`; `undefined`: there are none. */
export function sharedHop(environment: Surroundings["environment"]): string | undefined {
  return environment[HOP];
}

export function isWorker(): boolean {
  return cluster.isWorker;
}

/**
 * Runs this program `count` times on one port, and passes on what it is asked to do. A worker that dies is replaced,
 * until they keep dying. Gives the exit code: of the first worker where that never came to listen.
 */
export async function runWorkers(count: number, surroundings: Surroundings): Promise<number> {
  const { environment, complain, stop, crash, onReload } = surroundings;
  const workers = new Set<Worker>();
  const deaths: number[] = [];
  const over = Promise.withResolvers<number>();
  const hop = newHop();
  let exitCode: number | undefined;
  let haveListened = false;

  function order(what: Order): void {
    for (const worker of workers) if (worker.isConnected()) worker.send(what);
  }

  function end(code: number): void {
    exitCode ??= code;
    order("stop");
    if (workers.size === 0) over.resolve(exitCode);
  }

  function start(own: Readonly<Record<string, string>>): void {
    if (exitCode !== undefined) return;
    const worker = cluster.fork({ ...forWorkers(environment), [HOP]: hop, ...own });
    const startedAt = performance.now();
    workers.add(worker);
    worker.once("listening", () => {
      if (haveListened) return;
      haveListened = true;
      // Not before: what keeps one from serving keeps them all, and is said once.
      for (let others = count - 1; others > 0; others--) start(NEXT);
    });
    worker.once("exit", (code: number | null, signal: string | null) => {
      workers.delete(worker);
      if (exitCode !== undefined) end(exitCode);
      else if (!haveListened) end(code ?? 1);
      // Somebody ended it on purpose.
      else if (code === 0) start(NEXT);
      else bury({ isYoung: performance.now() - startedAt < YOUNG_MS, how: signal ?? `code ${code}` });
    });
  }

  function bury({ isYoung, how }: Death): void {
    const now = performance.now();
    deaths.push(now);
    const recent = deaths.filter((at) => now - at < MINUTE_MS).length;
    if (recent > DEATHS_EACH * count) {
      complain(`A worker died (${how}), the ${recent}th within a minute: something is wrong, so this ends.`);
      end(1);
    } else {
      complain(`A worker died (${how}). Another one takes its place.`);
      setTimeout(start, isYoung ? RESPITE_MS : 0, NEXT);
    }
  }

  onReload?.(() => order("reload"));
  stop.addEventListener("abort", () => end(0), { once: true });
  crash?.addEventListener("abort", () => {
    complain(`An error that nobody caught: ${crash.reason instanceof Error ? crash.reason.stack : crash.reason}`);
    end(70);
  });
  if (stop.aborted) return 0;
  start({});
  return over.promise;
}

const NEXT = { [QUIET]: "1" };

interface Death {
  readonly isYoung: boolean;
  readonly how: string;
}
