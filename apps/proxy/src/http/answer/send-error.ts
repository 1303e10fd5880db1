import { ProviderError } from "@llamaduct/core";
import { toErrorBody } from "@llamaduct/openai-dialect";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { LOOP } from "../request/refuse-loops.ts";
import { REQUEST_ID } from "../request/request-id.ts";
import { answerHeaders } from "./answer-headers.ts";
import { ClientGone } from "./client-gone.ts";
import { HttpError } from "./http-error.ts";

/** Answers a failure in OpenAI's shape, whoever threw it. Ours are logged; those of upstream calls have been. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  if (error instanceof ClientGone || reply.raw.destroyed) {
    reply.hijack();
    reply.raw.destroy();
    return undefined;
  }
  const answer = error instanceof ProviderError ? ofUpstream(error) : toHttpError(error, request);
  const { status, headers, body } = answer;
  request.notes.errorCode = body.error.code;
  request.notes.errorMessage = body.error.message;
  if (body.error.code === "internal_error") request.log.error({ err: error }, "request failed");
  if (reply.raw.headersSent) {
    // A stream that has begun, or has been kept alive, has its status already.
    reply.raw.end(`data: ${JSON.stringify(body)}\n\n`);
    return undefined;
  }
  return (
    reply
      .code(status)
      // A URL that cannot be decoded comes here past every hook.
      .headers({ [REQUEST_ID]: request.id, ...answerHeaders(request.notes), ...headers })
      .type("application/json; charset=utf-8")
      .send(body)
  );
}

/** A loop is told as one: the upstream that says so may be this proxy. */
function ofUpstream(error: ProviderError): Pick<HttpError, "status" | "headers" | "body"> {
  return error.upstreamStatus === 508 ? new HttpError("proxy_loop", LOOP) : toErrorBody(error);
}

/** Fastify itself closes the connection after a body that it did not take. */
function toHttpError(error: unknown, { routeOptions }: FastifyRequest): HttpError {
  if (error instanceof HttpError) return error;
  switch ((error as Partial<FastifyError>).code) {
    case "FST_ERR_BAD_URL":
      return new HttpError("bad_http_request", "The request target is not a valid path.");
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new HttpError("request_too_large", `The request body is larger than ${routeOptions.bodyLimit} bytes.`);
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new HttpError("bad_http_request", "The content-length does not match the body.");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new HttpError("unsupported_media_type", "Send the body as `content-type: application/json`.");
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return new HttpError("invalid_json", "The request body is not valid JSON.");
    default:
      return new HttpError("internal_error", "The proxy failed; its log says why.");
  }
}
