import type { FastifyInstance } from "fastify";
import type { Llamaduct } from "llamaduct";
import { clientGone } from "../client-gone.ts";
import { sendAnswer } from "../send-answer.ts";

/** Vectors for texts. */
export function embeddings(app: FastifyInstance, engine: Llamaduct): void {
  for (const url of ["/v1/embeddings", "/embeddings"])
    app.post(url, async (request, reply) =>
      sendAnswer(reply, await engine.embed(request.body, { signal: clientGone(reply.raw) })),
    );
}
