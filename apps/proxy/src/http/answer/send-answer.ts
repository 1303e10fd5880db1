import type { OutgoingHttpHeaders } from "node:http";
import { ProviderError } from "@llamaduct/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AnswerFacts, AnswerStream } from "llamaduct";
import { limitsOf } from "../../config/limits.ts";
import { answerHeaders } from "./answer-headers.ts";
import { answerTooLarge } from "./answer-too-large.ts";
import { ClientGone } from "./client-gone.ts";
import { headerText } from "./header-text.ts";
import { HttpError } from "./http-error.ts";
import { sendError } from "./send-error.ts";
import { writeEvents } from "./write-events.ts";

export interface Answer extends AnswerFacts {
  readonly body: object | AnswerStream<unknown>;
}

/** Writes an engine's answer: as JSON when it is whole, as events when it streams. */
export async function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, model, warnings }: Answer,
): Promise<string | undefined> {
  const { notes } = request;
  notes.answered = true;
  notes.model = model;
  reply.headers({
    ...answerHeaders(notes),
    "x-llamaduct-model": headerText(model),
    ...warningHeader(warnings),
  });
  if (!isStream(body)) {
    // An embedding is no stream that tells its usage as it ends.
    notes.inputTokens ??= (body as { usage?: { prompt_tokens?: number } }).usage?.prompt_tokens;
    return sendWhole(request, reply, body);
  }
  notes.firstPartMs ??= notes.elapsedMs();
  return sendStream(request, reply, body);
}

function isStream(body: Answer["body"]): body is AnswerStream<unknown> {
  return "toEvents" in body;
}

function sendWhole({ raw, served }: FastifyRequest, reply: FastifyReply, body: object): string {
  const { responseBytes, stallMs } = limitsOf(served.server);
  const text = JSON.stringify(body);
  // A character is at most three bytes.
  if (text.length * 3 > responseBytes && Buffer.byteLength(text) > responseBytes) throw answerTooLarge(responseBytes);
  // Ends with the response: Node sets the time for an idle connection then.
  raw.socket.setTimeout(stallMs);
  reply.type("application/json; charset=utf-8");
  return text;
}

async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  stream: AnswerStream<unknown>,
): Promise<undefined> {
  const { notes, served } = request;
  if (reply.raw.headersSent) reply.raw.write(toComments(reply));
  else beginStream(request, reply);
  try {
    await writeEvents(reply.raw, stream.toEvents(), limitsOf(served.server));
  } catch (error) {
    if (error instanceof HttpError || error instanceof ProviderError) return void sendError(error, request, reply);
    if (!(error instanceof ClientGone)) {
      notes.errorCode = "internal_error";
      reply.log.error({ err: error }, "stream failed");
    }
    // The head is out: all that is left to say is that this is not the end of an answer.
    reply.raw.destroy();
  }
}

/** Writes the head of a stream. */
export function beginStream({ notes }: FastifyRequest, reply: FastifyReply): void {
  notes.stream = true;
  reply.hijack();
  // Fastify's type has `undefined` among the values, for headers that are not set.
  reply.raw.writeHead(200, { ...reply.getHeaders(), ...EVENT_STREAM } as OutgoingHttpHeaders);
}

/** What came too late for the head, for whoever looks at the bytes. */
function toComments(reply: FastifyReply): string {
  const late = ["x-llamaduct-model", "x-llamaduct-warning"].filter((name) => reply.hasHeader(name));
  return `${late.map((name) => `: ${name}: ${reply.getHeader(name)}\n`).join("")}\n`;
}

const EVENT_STREAM = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
  // nginx would hold tokens back until its buffer is full.
  "x-accel-buffering": "no",
};

function warningHeader(warnings: AnswerFacts["warnings"]): Record<string, string> {
  if (warnings.length === 0) return {};
  return {
    "x-llamaduct-warning": headerText(warnings.map(({ setting, message }) => `${setting}: ${message}`).join(" ")),
  };
}
