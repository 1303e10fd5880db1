import { type CallObserver, errorRule, ProviderError } from "@llamaduct/core";
import type { FastifyBaseLogger } from "fastify";
import { redact } from "./redact.ts";

/**
 * Logs the calls that an upstream or an adapter failed, with what the upstream said: a client sees neither that nor,
 * when another deployment answered, the failure. What the client did wrong is its own to see.
 */
export function logFailures(logger: Pick<FastifyBaseLogger, "warn">): CallObserver {
  return {
    onEnd({ outcome, error, provider, modelId, totalMs }) {
      if (outcome !== "failed" || !(error instanceof ProviderError) || errorRule(error).status < 500) return;
      const upstreamMessage = error.upstreamMessage && redact(error.upstreamMessage);
      logger.warn({ err: error, upstreamMessage, provider, modelId, totalMs }, "call failed");
    },
  };
}
