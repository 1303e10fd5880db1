import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import { onClosed } from "../http/answer/on-closed.ts";
import { createWaiting } from "./create-waiting.ts";
import { createNotes, toRecord } from "./request-notes.ts";
import type { RequestRecord } from "./request-record.ts";

/** Begins to note what becomes of a request; tells of it once, when it is over. */
export type Watch = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Every request is one line of the log when it is over: probes at `debug`, all others at `info`. `onEnd` is told the same.
 * One that waits long has lines before.
 */
export function createWatch(logger: FastifyBaseLogger, onEnd?: ((record: RequestRecord) => void) | undefined): Watch {
  const waiting = createWaiting();
  return (request, reply) => {
    request.notes = createNotes();
    waiting.add(request);
    onClosed(reply.raw, () => {
      waiting.delete(request);
      const record = toRecord(request, reply);
      // Whoever watches the process asks every few seconds.
      const isProbe = request.routeOptions.config?.access === "public" && record.outcome === "finished";
      logger[isProbe ? "debug" : "info"](record, "request");
      onEnd?.(record);
    });
  };
}
