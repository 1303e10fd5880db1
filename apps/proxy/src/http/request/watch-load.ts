import { totalmem } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

/** How busy this process is. */
export interface Load {
  /** How late the event loop was on average, in each of the last two half seconds at least. */
  readonly delayMs: number;
  /** Of the heap's limit or of the machine's or container's memory, whichever is nearer to its end: 0 to 1. */
  readonly memory: number;
}

export interface LoadWatch {
  readonly load: Load;
  stop(): void;
}

const WINDOW_MS = 500;

/** Looks twice a second. A single long task is over when it is noticed, so it takes two looks that agree. */
export function watchLoad(): LoadWatch {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const available = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
  let before = 0;
  let resident = 0;
  function look(): Load {
    // The histogram has the time between two looks of its own.
    const now = delays.count === 0 ? 0 : Math.max(0, delays.mean / 1e6 - RESOLUTION_MS);
    const delayMs = Math.min(now, before);
    before = now;
    delays.reset();
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    resident = residentBytes() ?? resident;
    return { delayMs, memory: Math.max(used / limit, resident / available) };
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

/** `undefined` when no file descriptor is left: Linux tells it in a file. That must not end the process (D10). */
function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch (error) {
    if (/^E[MN]FILE$/.test((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
