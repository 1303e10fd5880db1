import type { FastifyInstance } from "fastify";
import { HttpError } from "../answer/http-error.ts";

/** Endpoints of OpenAI, Anthropic and LiteLLM that clients may expect, with everything below them. */
const MISSING = [
  "assistants",
  "audio",
  "batches",
  "containers",
  "conversations",
  "files",
  "fine_tuning",
  "images",
  "messages",
  "moderations",
  "ocr",
  "realtime",
  "rerank",
  "responses",
  "search",
  "threads",
  "uploads",
  "vector_stores",
  "videos",
];

/** Says of what others serve that it is not served here, before a body is read. */
export function notImplemented(app: FastifyInstance): void {
  for (const name of MISSING)
    for (const url of [`/v1/${name}`, `/${name}`, `/v1/${name}/*`, `/${name}/*`])
      app.route({
        method: ["GET", "POST", "DELETE"],
        url,
        config: { access: "key" },
        onRequest: async () => {
          throw new HttpError("not_implemented", `/v1/${name} is not served here. Chat is at /v1/chat/completions.`);
        },
        handler: async () => {},
      });
}
