import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import { onClosed } from "../http/answer/on-closed.ts";
import type { StartTrace } from "./create-tracing.ts";
import { createWaiting } from "./create-waiting.ts";
import { createNotes, toRecord } from "./request-notes.ts";
import type { RequestRecord } from "./request-record.ts";

/** Begins to note what becomes of a request; tells of it once, when it is over. */
export type Watch = (request: FastifyRequest, reply: FastifyReply) => void;

export interface WatchOptions {
  readonly logger: FastifyBaseLogger;
  readonly onEnd?: ((record: RequestRecord) => void) | undefined;
  readonly trace?: StartTrace | undefined;
}

/**
 * Every request is one line of the log when it is over: probes, scrapes and what the page asks for at `debug`, all others at
 * `info`. `onEnd` is told the same.
 * One that waits long has lines before.
 */
export function createWatch({ logger, onEnd, trace }: WatchOptions): Watch {
  const waiting = createWaiting();
  return (request, reply) => {
    request.notes = createNotes();
    const { access, frequent } = request.routeOptions.config ?? {};
    const isQuiet = access === "public" || frequent === true;
    if (trace !== undefined && !isQuiet) request.notes.trace = trace(request);
    waiting.add(request);
    const tell = () => {
      const record = toRecord(request, reply);
      logger[isQuiet && record.outcome === "finished" ? "debug" : "info"](record, "request");
      request.notes.trace?.end(record);
      onEnd?.(record);
    };
    onClosed(reply.raw, () => {
      waiting.delete(request);
      // When many clients leave at once, all of their upstreams are told before any of it is written down.
      if (reply.raw.writableFinished) tell();
      else setImmediate(tell);
    });
  };
}
