import type { FastifyRequest } from "fastify";

/** Requests that are under way. */
export interface Waiting {
  add(request: FastifyRequest): void;
  delete(request: FastifyRequest): void;
}

const LOOK_MS = 5000;
const FIRST_MS = 10_000;
const AGAIN_MS = 60_000;

/**
 * Logs who waits for a model that says nothing yet, after 10 s and then each minute: for which, for how long, and what
 * its host loads meanwhile. One timer for all requests, none while there are none.
 */
export function createWaiting(): Waiting {
  /** When each is told of next, on its own clock. */
  const nextMs = new Map<FastifyRequest, number>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    for (const [request, dueMs] of nextMs) {
      if (request.notes.elapsedMs() < dueMs || !isWaiting(request)) continue;
      nextMs.set(request, dueMs + AGAIN_MS);
      request.log.info(toWait(request), "waiting for the model");
    }
  }

  return {
    add(request) {
      nextMs.set(request, FIRST_MS);
      timer ??= setInterval(look, LOOK_MS).unref();
    },
    delete(request) {
      nextMs.delete(request);
      if (nextMs.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

function isWaiting({ notes }: FastifyRequest): boolean {
  return notes.attempts.length > 0 && notes.firstPartMs === undefined && !notes.answered;
}

function toWait({ notes, asker, served }: FastifyRequest): object {
  const attempt = notes.attempts.at(-1);
  const state = served.engine.states().find(({ id }) => id === attempt?.deploymentId);
  return {
    waitedMs: notes.elapsedMs(),
    group: attempt?.group,
    deploymentId: attempt?.deploymentId,
    model: attempt?.model,
    apiBase: attempt?.apiBase,
    attempts: attempt?.attempts,
    keyName: asker?.name,
    inFlight: state?.inFlight,
    queued: state?.queued,
    loading: state?.loading,
  };
}
