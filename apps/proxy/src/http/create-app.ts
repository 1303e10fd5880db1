import type { ServerOptions } from "node:http";
import type { SecureContextOptions } from "node:tls";
import { createMemoryLimitStore, type LimitStore } from "@llamaduct/router";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { type Limits, limitsOf } from "../config/limits.ts";
import type { StartTrace } from "../observe/create-tracing.ts";
import type { RequestRecord } from "../observe/request-record.ts";
import { createWatch } from "../observe/watch-requests.ts";
import { requireAccess } from "./access/access.ts";
import { createAuthenticator } from "./access/authenticate.ts";
import { checkAddress } from "./access/check-address.ts";
import { allowCrossOrigin } from "./access/cross-origin.ts";
import { limitRequests } from "./access/limit-requests.ts";
import { createClientErrorHandler } from "./answer/answer-client-error.ts";
import { sendError } from "./answer/send-error.ts";
import { acceptJsonOnly, MAX_BODY_BYTES } from "./request/accept-json-only.ts";
import { admit } from "./request/admit.ts";
import { checkTarget } from "./request/check-target.ts";
import { hook } from "./request/hook.ts";
import { newHop, refuseLoops } from "./request/refuse-loops.ts";
import { refuseWhenClosing } from "./request/refuse-when-closing.ts";
import { CALL_ID, callId, REQUEST_ID, requestId } from "./request/request-id.ts";
import { rewriteUrl } from "./request/rewrite-url.ts";
import { shedLoad } from "./request/shed-load.ts";
import { health } from "./routes/health.ts";
import { inference } from "./routes/inference.ts";
import { modelInfo } from "./routes/model-info.ts";
import { models } from "./routes/models.ts";
import { notImplemented } from "./routes/not-implemented.ts";
import { openapi } from "./routes/openapi.ts";
import { utilities } from "./routes/utilities.ts";
import type { Served } from "./served.ts";

export interface AppOptions {
  /** Asked once a request, as it begins. What concerns connections and sizes of requests is read only at the start. */
  readonly served: () => Served;
  readonly logger: FastifyBaseLogger;
  /** Counters of the keys' limits. Default: this process alone. */
  readonly limits?: LimitStore | undefined;
  /** A path that everything is below, too: `/llm`. */
  readonly rootPath?: string | undefined;
  /** Certificates and their key: then it speaks TLS. */
  readonly tls?: Pick<SecureContextOptions, "cert" | "key" | "ciphers"> | undefined;
  /** Aborts when answers must come to an end; the reason, a `ProviderError` or an `HttpError`, is what clients are told. */
  readonly ending?: AbortSignal | undefined;
  /** Traces every request but those that watch the process. */
  readonly trace?: StartTrace | undefined;
  /** What several processes that are one proxy call themselves in `Via`. Default: a name of this process. */
  readonly hop?: string | undefined;
  /** Told of every request when it is over. */
  readonly onEnd?: ((record: RequestRecord) => void) | undefined;
}

/**
 * HTTP around the engine: keys, limits, bodies, errors in OpenAI's shape, disconnects. Does not listen. Whoever adds a
 * route says in its `config` who has `access`.
 */
export function createApp(options: AppOptions): FastifyInstance {
  const { served, logger, limits: store, rootPath = "", tls, ending, trace, onEnd, hop = newHop() } = options;
  const limits = limitsOf(served().server);
  const clientErrors = createClientErrorHandler(limits);
  const watch = createWatch({ logger, onEnd, trace });
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "id" }),
    genReqId: requestId,
    rewriteUrl: ({ url = "" }) => rewriteUrl(url, rootPath),
    bodyLimit: served().server.maxRequestBytes ?? MAX_BODY_BYTES,
    // Names of models stand in paths.
    routerOptions: { maxParamLength: 1024 },
    // Fastify switches Node's own protection against slow requests off.
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    ...(tls === undefined ? { http: toServerOptions(limits) } : { https: { ...tls, ...toServerOptions(limits) } }),
    // Fastify's own answer while it closes is not in OpenAI's shape; `refuseWhenClosing` has one that is.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      watch(request, reply);
      sendError(error, request, reply);
    },
    clientErrorHandler: clientErrors.handle,
  });
  app.server.on("request", clientErrors.watch);
  // Node would answer one that it does not know with an empty 417; it may as well be ignored (RFC 9110 §10.1.1).
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
  app.decorate("ending", ending);
  app.server.maxHeadersCount = limits.headers;
  app.server.maxConnections = limits.connections;
  app.setErrorHandler(sendError);
  for (const name of ["served", "notes", "asker"]) app.decorateRequest(name);

  // In the order in which they look at a request.
  app.addHook(
    "onRequest",
    hook((request, reply) => {
      watch(request, reply);
      request.served = served();
      reply.header(REQUEST_ID, request.id).header(CALL_ID, callId(request));
    }),
  );
  refuseWhenClosing(app);
  app.addHook("onRequest", hook(checkTarget));
  refuseLoops(app, hop);
  allowCrossOrigin(app);
  requireAccess(app);
  admit(app);
  app.addHook("onRequest", hook(checkAddress));
  app.addHook("onRequest", hook(createAuthenticator()));
  shedLoad(app);
  limitRequests(app, store ?? createMemoryLimitStore());
  acceptJsonOnly(app);

  for (const route of [inference, models, modelInfo, utilities, health, openapi, notImplemented]) route(app);
  return app;
}

function toServerOptions({ headersMs, headerBytes }: Limits): ServerOptions {
  return {
    headersTimeout: headersMs,
    maxHeaderSize: headerBytes,
    // How exact those times are.
    connectionsCheckingInterval: Math.min(5_000, headersMs),
    // Node answers a request without a Host by itself, with an empty body; so `checkTarget` does it.
    requireHostHeader: false,
  };
}
