import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Attempt, Llamaduct, LlamaductCall } from "llamaduct";
import { limitsOf } from "../../config/limits.ts";
import type { ServerConfig } from "../../config/proxy-config.ts";
import { checkModels } from "../access/check-models.ts";
import { answerHeaders } from "../answer/answer-headers.ts";
import { createHeartbeat } from "../answer/heartbeat.ts";
import { type Answer, beginStream, sendAnswer } from "../answer/send-answer.ts";
import { sendError } from "../answer/send-error.ts";
import { checkCounts } from "../request/check-counts.ts";
import { checkSchemas } from "../request/check-schemas.ts";
import { editRequest } from "../request/edit-request.ts";
import { keepaliveInterval } from "../request/keepalive-interval.ts";
import { toCall, toEndUser } from "../request/to-call.ts";

interface Work {
  readonly path: string;
  ask(engine: Llamaduct, body: unknown, call: LlamaductCall): Promise<Answer>;
  /** The model that the operator has in place of what requests name. */
  model(server: ServerConfig): string | undefined;
}

const WORKS: readonly Work[] = [
  {
    path: "/chat/completions",
    ask: (engine, body, call) => engine.chat(body, call),
    model: ({ completionModel }) => completionModel,
  },
  {
    path: "/completions",
    ask: (engine, body, call) => engine.text(body, call),
    model: ({ completionModel }) => completionModel,
  },
  {
    path: "/embeddings",
    ask: (engine, body, call) => engine.embed(body, call),
    model: ({ embeddingModel }) => embeddingModel,
  },
];

/** OpenAI's path, LiteLLM's short one, and those that name the model: see `rewriteUrl`. */
const FORMS = ["/v1", "", "/engines/:model", "/openai/deployments/:model"];

/** What the models are asked: chats, text completions and embeddings, streamed or whole. */
export function inference(app: FastifyInstance): void {
  for (const work of WORKS)
    for (const form of FORMS)
      app.post<{ Params: { model?: string } }>(
        form + work.path,
        { config: { access: "key", limited: true } },
        (request, reply) => answer(work, request, reply),
      );
}

async function answer(
  work: Work,
  request: FastifyRequest<{ Params: { model?: string } }>,
  reply: FastifyReply,
): Promise<string | undefined> {
  const { served, params } = request;
  const { engine, server } = served;
  request.notes.endUser = toEndUser(request, request.body);
  const body = editRequest(request.body, {
    model: work.model(server) ?? params.model,
    includeStreamUsage: server.alwaysIncludeStreamUsage,
  });
  checkCounts(body, limitsOf(server));
  checkSchemas(body, limitsOf(server));
  checkModels(request.asker, body);
  const call = toCall(request, reply);
  if (!isStreamed(body)) return sendAnswer(request, reply, await work.ask(engine, body, call));
  const interval = keepaliveInterval(request);
  const heartbeat = createHeartbeat(reply.raw, () => beginStream(request, reply.headers(answerHeaders(request.notes))));
  const onAttempt = (attempt: Attempt) => {
    call.onAttempt?.(attempt);
    heartbeat.every(interval(attempt.group));
  };
  try {
    return await sendAnswer(request, reply, await work.ask(engine, body, { ...call, onAttempt }));
  } catch (error) {
    if (!reply.raw.headersSent) throw error;
    sendError(error, request, reply);
    return undefined;
  } finally {
    heartbeat.stop();
  }
}

function isStreamed(body: unknown): boolean {
  return typeof body === "object" && body !== null && "stream" in body && body.stream === true;
}
