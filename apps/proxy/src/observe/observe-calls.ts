import { type CallObserver, ProviderError } from "@llamaduct/core";
import type { FastifyRequest } from "fastify";
import { logFailures } from "./log-failures.ts";

/** Notes what the upstream calls of one request come to, and logs those that fail. */
export function observeCalls({ notes, log }: Pick<FastifyRequest, "notes" | "log">): CallObserver {
  const failures = logFailures(log);
  return {
    onStart(start) {
      notes.trace?.observer.onStart?.(start);
      notes.upstreamFromMs ??= notes.elapsedMs();
    },
    onEnd(end) {
      failures.onEnd?.(end);
      notes.trace?.observer.onEnd?.(end);
      const { finish, firstPartMs, totalMs, error } = end;
      notes.upstreamToMs = notes.elapsedMs();
      if (finish !== undefined && firstPartMs !== undefined)
        notes.firstPartMs ??= notes.upstreamToMs - totalMs + firstPartMs;
      if (finish?.timings?.loadMs !== undefined) notes.loadMs = Math.max(notes.loadMs ?? 0, finish.timings.loadMs);
      // Several choices are several calls, and cost so.
      notes.inputTokens = sum(notes.inputTokens, finish?.usage.inputTokens);
      notes.outputTokens = sum(notes.outputTokens, finish?.usage.outputTokens);
      // A failure after the head is out has no status that tells it.
      if (!notes.answered || !(error instanceof ProviderError)) return;
      notes.errorCode ??= error.code;
      notes.errorMessage ??= error.message;
    },
  };
}

function sum(count: number | undefined, more: number | undefined): number | undefined {
  return more === undefined ? count : (count ?? 0) + more;
}
