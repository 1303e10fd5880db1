import type { FastifyInstance } from "fastify";
import type { Llamaduct } from "llamaduct";
import { clientGone } from "../client-gone.ts";
import { sendAnswer } from "../send-answer.ts";

/** Chat, streamed or whole. */
export function chatCompletions(app: FastifyInstance, engine: Llamaduct): void {
  for (const url of ["/v1/chat/completions", "/chat/completions"])
    app.post(url, async (request, reply) =>
      sendAnswer(reply, await engine.chat(request.body, { signal: clientGone(reply.raw) })),
    );
}
