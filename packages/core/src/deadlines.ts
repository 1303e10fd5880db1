import { guard, opened, passing } from "./guard.ts";
import { ProviderError } from "./provider-error.ts";
import type { Middleware, Stream, StreamModel } from "./spec.ts";

export interface DeadlineOptions {
  /** From the call to the first batch. Loading a model counts, so be generous. */
  readonly firstPartMs?: number | undefined;
  /** Between batches, while someone is reading: a slow reader is not a slow upstream. */
  readonly idleMs?: number | undefined;
  /** The whole answer. */
  readonly totalMs?: number | undefined;
}

/** Ends a stream that takes too long, upstream included. Always the innermost middleware. Absent limits are no limits. */
export function deadlines<Request>(limits: DeadlineOptions): Middleware<Request> {
  // A method, so that the name is the same in a bundle: errors tell it.
  return {
    deadlines(next: StreamModel<Request>): StreamModel<Request> {
      const { provider, modelId } = next;
      return {
        provider,
        modelId,
        capabilities: () => next.capabilities(),
        stream(request, options) {
          const controller = new AbortController();
          // The guard makes the pending read reject with the controller's reason: the caller's, or our timeout.
          const inner = guard(
            opened(() => next.stream(request, { ...options, signal: controller.signal })),
            { provider, modelId, layer: "The model", signal: controller.signal },
          );
          return timed(inner, controller, limits, options?.signal);
        },
      };
    },
  }.deadlines;
}

type Clock = "upstream_first_byte_timeout" | "upstream_idle_timeout" | "upstream_total_timeout";

function timed(
  inner: Stream,
  controller: AbortController,
  limits: DeadlineOptions,
  signal: AbortSignal | undefined,
): Stream {
  return passing(inner, signal, () => {
    let started = false;
    const forward = () => controller.abort(signal?.reason);
    const expire = (code: Clock, limitMs: number) => controller.abort(timeoutError(code, limitMs));
    signal?.addEventListener("abort", forward, { once: true });
    if (signal?.aborted) forward();
    const { totalMs } = limits;
    const total =
      totalMs === undefined ? undefined : setTimeout(() => expire("upstream_total_timeout", totalMs), totalMs);
    const wait = createWaitTimer((ms) => expire(started ? "upstream_idle_timeout" : "upstream_first_byte_timeout", ms));

    const over = () => {
      wait.stop();
      clearTimeout(total);
      signal?.removeEventListener("abort", forward);
    };
    return {
      reads: () => wait.start(started ? limits.idleMs : limits.firstPartMs),
      sees(result) {
        wait.pause();
        started = true;
        if (result.done === true) over();
        return result;
      },
      fails(error) {
        wait.pause();
        over();
        throw error;
      },
      leaves() {
        over();
        // Under an outer layer the caller's abort comes as a leave: the upstream must hear of it either way.
        controller.abort(signal?.aborted ? signal.reason : new Error("The reader has left."));
      },
    };
  });
}

function timeoutError(code: Clock, limitMs: number): ProviderError {
  const what = {
    upstream_first_byte_timeout: "did not start to answer",
    upstream_idle_timeout: "stopped sending",
    upstream_total_timeout: "did not finish",
  }[code];
  return new ProviderError({ code, message: `The model ${what} within ${limitMs} ms.` });
}

type Timer = ReturnType<typeof setTimeout>;

/** One timer for many short waits: it is set anew only when it fires too early, not for each token. */
function createWaitTimer(expire: (limitMs: number) => void) {
  let timer: Timer | undefined;
  let limitMs: number | undefined;
  let since: number | undefined;
  let isLate = false;

  function arm(delayMs: number): void {
    timer = setTimeout(() => {
      timer = undefined;
      if (since === undefined || limitMs === undefined) return;
      const leftMs = since + limitMs - performance.now();
      if (leftMs <= 0 && isLate) return expire(limitMs);
      // What came while the event loop was held up is read first: timers fire before sockets.
      isLate = leftMs <= 0;
      arm(Math.max(0, Math.ceil(leftMs)));
    }, delayMs);
  }

  return {
    start(nextLimitMs: number | undefined): void {
      if (nextLimitMs !== limitMs) {
        clearTimeout(timer);
        timer = undefined;
      }
      limitMs = nextLimitMs;
      since = performance.now();
      isLate = false;
      if (limitMs !== undefined && timer === undefined) arm(limitMs);
    },
    pause(): void {
      since = undefined;
    },
    stop: (): void => clearTimeout(timer),
  };
}
