import type { FastifyInstance } from "fastify";
import { limitsOf } from "../../config/limits.ts";
import { HttpError } from "../answer/http-error.ts";
import { decodeJsonBody } from "./decode-json-body.ts";

/** Room for a few large images. */
export const MAX_BODY_BYTES: number = 24 * 1024 * 1024;

/** One parser, for JSON as it is: Fastify's own takes plain text, ignores a content-encoding and mends broken UTF-8. */
export function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  // "error": keys that would reach a prototype are refused.
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    // Fastify answers what a parser throws. `parseAs` makes the body a Buffer.
    if (request.headers["content-encoding"] !== undefined)
      throw new HttpError("unsupported_media_type", "Send the body without a content-encoding.");
    void parse(request, decodeJsonBody(body as Buffer, limitsOf(request.served.server)), done);
  });
}
