import { literalsOf } from "./encoded-text.ts";
import { passing } from "./guard.ts";
import type { Batch, FinishPart, Middleware, StreamModel, Warning } from "./spec.ts";

/** `finished`: the answer is whole. `aborted`: the signal ended it. `abandoned`: the reader left. */
export type Outcome = "finished" | "failed" | "aborted" | "abandoned";

export interface CallStart {
  readonly provider: string;
  readonly modelId: string;
}

export interface CallEnd extends CallStart {
  readonly outcome: Outcome;
  readonly finish: FinishPart | undefined;
  readonly error: unknown;
  readonly warnings: readonly Warning[];
  /** From the call to the first part that carries an answer, milliseconds. */
  readonly firstPartMs: number | undefined;
  readonly totalMs: number;
}

/** Sees every call begin and end, once each. One that throws never affects the call. */
export interface CallObserver {
  readonly onStart?: ((event: CallStart) => void) | undefined;
  readonly onEnd?: ((event: CallEnd) => void) | undefined;
}

/** Reports calls to an observer; passes every batch on untouched. Meant to be the outermost middleware. */
export function observe<Request>(observer: CallObserver): Middleware<Request> {
  // A method, so that the name is the same in a bundle: errors tell it.
  return {
    observe(next: StreamModel<Request>): StreamModel<Request> {
      const { provider, modelId } = next;
      return {
        provider,
        modelId,
        capabilities: () => next.capabilities(),
        stream(request, options) {
          return passing(next.stream(request, options), options?.signal, () => {
            quietly(() => observer.onStart?.({ provider, modelId }));
            const record = createRecord(observer, { provider, modelId });
            return {
              sees(result) {
                if (result.done !== true) record.see(result.value);
                else record.end("finished");
                return result;
              },
              fails(error) {
                const { signal } = options ?? {};
                record.end(signal?.aborted && error === signal.reason ? "aborted" : "failed", error);
                throw error;
              },
              leaves: () => record.end(options?.signal?.aborted ? "aborted" : "abandoned"),
            };
          });
        },
      };
    },
  }.observe;
}

function createRecord(observer: CallObserver, call: CallStart) {
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;
  const warnings: Warning[] = [];
  let firstPartMs: number | undefined;
  let finish: FinishPart | undefined;
  let ended = false;

  function end(outcome: Outcome, error?: unknown): void {
    if (ended) return;
    ended = true;
    // A reader that has seen `finish` has the whole answer, whether or not it asks for more.
    const whole = finish !== undefined && outcome !== "failed";
    quietly(() =>
      observer.onEnd?.({
        ...call,
        outcome: whole ? "finished" : outcome,
        finish,
        error: whole ? undefined : error,
        warnings,
        firstPartMs,
        totalMs: elapsedMs(),
      }),
    );
  }

  return {
    end,
    see(batch: Batch): void {
      if (literalsOf(batch) !== undefined) {
        firstPartMs ??= elapsedMs();
        return;
      }
      for (const part of batch) {
        if (part.type === "start") warnings.push(...part.warnings);
        else if (part.type === "warning") warnings.push(part.warning);
        else {
          firstPartMs ??= elapsedMs();
          if (part.type === "finish") finish = part;
        }
      }
      if (finish !== undefined) end("finished");
    },
  };
}

function quietly(report: () => void): void {
  try {
    report();
  } catch {
    // An observer's fault is its own.
  }
}
