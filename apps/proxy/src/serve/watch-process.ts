import cluster from "node:cluster";
import { closeSync, openSync } from "node:fs";
import type { Surroundings } from "../cli/surroundings.ts";
import type { Order } from "./workers.ts";

/** Longer than serving takes to end after an error: for one that came before or instead of it. */
const CRASHED_MS = 7_000;

/** What the operating system, the first process or a mistake of ours asks of this process. */
export function watchProcess(process: NodeJS.Process): Pick<Surroundings, "stop" | "crash" | "onReload"> {
  const stop = new AbortController();
  const crash = new AbortController();
  const listeners: (() => void)[] = [];
  const reload = () => {
    for (const listener of listeners) listener();
  };

  // An unhandled rejection comes here, too. The first says what happened; others may follow from it.
  process.on("uncaughtException", (error) => {
    if (crash.signal.aborted) return;
    crash.abort(error);
    setTimeout(() => process.exit(70), CRASHED_MS).unref();
  });

  if (cluster.isWorker) {
    // Signals reach the whole group of a terminal or a service; the first process passes on what counts.
    process.on("SIGINT", () => {});
    process.on("SIGHUP", () => {});
    process.on("SIGTERM", () => stop.abort());
    process.on("message", (order: Order) => (order === "stop" ? stop.abort() : reload()));
  } else {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.on(signal, () => {
        // The second one does not wait for streams to end.
        if (stop.signal.aborted) process.exit(130);
        stop.abort();
      });
    const hadTerminal = hasTerminal();
    // The same signal says that the terminal has been closed: then there is no one left to serve.
    process.on("SIGHUP", () => (hadTerminal && !hasTerminal() ? stop.abort() : reload()));
  }
  return { stop: stop.signal, crash: crash.signal, onReload: (listener) => void listeners.push(listener) };
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    // Whatever keeps it from being opened: nobody can type into it.
    return false;
  }
}
