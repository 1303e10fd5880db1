import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import type { Llamaduct } from "llamaduct";
import { acceptJsonOnly, MAX_BODY_BYTES } from "./accept-json-only.ts";
import { admit } from "./admit.ts";
import { createClientErrorHandler } from "./answer-client-error.ts";
import { createAuthenticator } from "./authenticate.ts";
import { requestId } from "./request-id.ts";
import { chatCompletions } from "./routes/chat-completions.ts";
import { completions } from "./routes/completions.ts";
import { embeddings } from "./routes/embeddings.ts";
import { health } from "./routes/health.ts";
import { modelInfo } from "./routes/model-info.ts";
import { models } from "./routes/models.ts";
import { sendError } from "./send-error.ts";

export interface AppOptions {
  readonly engine: Llamaduct;
  /** Wanted from every client on every route that is not public. Absent: nobody is asked. */
  readonly masterKey?: string | undefined;
  readonly logger: FastifyBaseLogger;
}

/** HTTP around the engine: keys, bodies, errors in OpenAI's shape, disconnects. Does not listen. */
export function createApp({ engine, masterKey, logger }: AppOptions): FastifyInstance {
  const clientErrors = createClientErrorHandler();
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    bodyLimit: MAX_BODY_BYTES,
    // Fastify switches Node's own protection against slow requests off.
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    // Node answers a request without a Host by itself, with an empty body; so `admit` does it.
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, requireHostHeader: false },
    // Fastify's own answer while it closes is not in OpenAI's shape; `admit` has one that is.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
    clientErrorHandler: clientErrors.handle,
  });
  app.server.on("request", clientErrors.watch);
  app.setErrorHandler(sendError);
  admit(app);
  app.addHook("onRequest", createAuthenticator(masterKey));
  acceptJsonOnly(app);
  chatCompletions(app, engine);
  completions(app, engine);
  embeddings(app, engine);
  models(app, engine);
  modelInfo(app, engine);
  health(app);
  return app;
}
