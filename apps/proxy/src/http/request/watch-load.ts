import { totalmem } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

/** How busy this process is. */
export interface Load {
  /** How late the event loop was on average, over the last half second. */
  readonly delayMs: number;
  /** Of the heap's limit or of the machine's or container's memory, whichever is nearer to its end: 0 to 1. */
  readonly memory: number;
}

export interface LoadWatch {
  readonly load: Load;
  stop(): void;
}

const WINDOW_MS = 500;

/** Looks twice a second. An average, since a single long task is over when it is noticed. */
export function watchLoad(): LoadWatch {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const available = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
  function look(): Load {
    // The histogram has the time between two looks of its own.
    const delayMs = delays.count === 0 ? 0 : Math.max(0, delays.mean / 1e6 - RESOLUTION_MS);
    delays.reset();
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    return { delayMs, memory: Math.max(used / limit, process.memoryUsage.rss() / available) };
  }

  let load = look();
  const timer = setInterval(() => {
    load = look();
  }, WINDOW_MS).unref();
  return {
    get load() {
      return load;
    },
    stop() {
      clearInterval(timer);
      delays.disable();
    },
  };
}

const RESOLUTION_MS = 20;
