import type { FastifyReply, FastifyRequest } from "fastify";
import type { Attempt } from "llamaduct";
import type { RequestTrace } from "./create-tracing.ts";
import type { RequestRecord, ShedReason } from "./request-record.ts";

/** What becomes known of a request while it is under way, for its headers and its record. Milliseconds since it began. */
export interface RequestNotes {
  readonly startedAt: number;
  elapsedMs(): number;
  stream: boolean;
  /** The engine has answered, or begun to. */
  answered: boolean;
  /** In their order; the last one is, or was, the one that answers. */
  readonly attempts: Attempt[];
  /** `provider/model` that answers. */
  model: string | undefined;
  endUser: string | undefined;
  /** Why it was turned away. */
  shed: ShedReason | undefined;
  errorCode: string | undefined;
  /** As the client was told. */
  errorMessage: string | undefined;
  firstPartMs: number | undefined;
  /** Of all upstream calls: from the first one's start to the last one's end so far. */
  upstreamFromMs: number | undefined;
  upstreamToMs: number | undefined;
  loadMs: number | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** Absent: nobody traces. */
  trace: RequestTrace | undefined;
}

declare module "fastify" {
  interface FastifyRequest {
    notes: RequestNotes;
  }
}

export function createNotes(): RequestNotes {
  const began = performance.now();
  return {
    startedAt: Date.now(),
    elapsedMs: () => performance.now() - began,
    stream: false,
    answered: false,
    attempts: [],
    model: undefined,
    endUser: undefined,
    shed: undefined,
    errorCode: undefined,
    errorMessage: undefined,
    firstPartMs: undefined,
    upstreamFromMs: undefined,
    upstreamToMs: undefined,
    loadMs: undefined,
    inputTokens: undefined,
    outputTokens: undefined,
    trace: undefined,
  };
}

/** What is told of a request that is over. */
export function toRecord(
  { id, method, routeOptions, notes, asker }: FastifyRequest,
  { raw }: FastifyReply,
): RequestRecord {
  const { attempts, errorCode, upstreamFromMs, upstreamToMs } = notes;
  const last = attempts.at(-1);
  const isGone = errorCode === undefined && !raw.writableFinished;
  return {
    id,
    method,
    route: routeOptions.url ?? "unknown",
    // As nginx and Caddy note it; nobody was sent one.
    status: isGone ? 499 : raw.statusCode,
    outcome: isGone ? "client_gone" : errorCode === undefined ? "finished" : "failed",
    errorCode,
    errorMessage: notes.errorMessage,
    startedAt: notes.startedAt,
    totalMs: notes.elapsedMs(),
    firstPartMs: notes.firstPartMs,
    stream: notes.stream,
    group: last?.requestedGroup,
    lastGroup: last?.group,
    deploymentId: last?.deploymentId,
    model: notes.model ?? last?.model,
    apiBase: last?.apiBase,
    attempts: last?.attempts,
    failedAttempts: attempts.length > 1 ? attempts.slice(0, -1) : undefined,
    fallbacks: last?.fallbacks,
    upstreamMs: upstreamFromMs !== undefined && upstreamToMs !== undefined ? upstreamToMs - upstreamFromMs : undefined,
    loadMs: notes.loadMs,
    keyName: asker?.name,
    endUser: notes.endUser,
    shed: notes.shed,
    inputTokens: notes.inputTokens,
    outputTokens: notes.outputTokens,
  };
}
