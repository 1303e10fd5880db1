import type { FastifyInstance, FastifyRequest } from "fastify";
import { HttpError } from "./http-error.ts";
import { REQUEST_ID } from "./request-id.ts";

/** Turns requests away that reach no route, before their body is read: nobody without a key makes us parse one. */
export function admit(app: FastifyInstance): void {
  const methods = new Map<string, string[]>();
  let closing = false;
  app.addHook("onRoute", ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), method].flat());
  });
  app.addHook("preClose", async () => {
    closing = true;
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header(REQUEST_ID, request.id);
    if (closing) throw shuttingDown();
    checkTarget(request);
    if (request.is404) throw noRoute(request, methods);
  });
}

/** One request has one meaning here: what other servers take an absolute URL or a second Host for differs. */
function checkTarget({ url, raw: { rawHeaders, httpVersion } }: FastifyRequest): void {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length;
  if (!url.startsWith("/")) throw new HttpError("bad_http_request", "The request target must be a path.");
  if (hosts > 1 || (hosts === 0 && httpVersion !== "1.0"))
    throw new HttpError("bad_http_request", "A request must have exactly one Host header.");
}

function noRoute({ url, method }: FastifyRequest, methods: ReadonlyMap<string, readonly string[]>): HttpError {
  const [path = ""] = url.split("?", 1);
  const allowed = methods.get(path);
  if (allowed === undefined)
    return new HttpError("unknown_url", "There is no such endpoint. Chat is at /v1/chat/completions.");
  return new HttpError("method_not_allowed", `${method} is not allowed here.`, { allow: allowed.join(", ") });
}

function shuttingDown(): HttpError {
  const headers = { "x-should-retry": "true", connection: "close" };
  return new HttpError("server_shutting_down", "The proxy is shutting down.", headers);
}
