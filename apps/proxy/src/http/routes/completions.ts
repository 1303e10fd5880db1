import type { FastifyInstance } from "fastify";
import type { Llamaduct } from "llamaduct";
import { clientGone } from "../client-gone.ts";
import { sendAnswer } from "../send-answer.ts";

/** Text completions and fill-in-the-middle, streamed or whole. */
export function completions(app: FastifyInstance, engine: Llamaduct): void {
  for (const url of ["/v1/completions", "/completions"])
    app.post(url, async (request, reply) =>
      sendAnswer(reply, await engine.text(request.body, { signal: clientGone(reply.raw) })),
    );
}
