import type { OutgoingHttpHeaders } from "node:http";
import type { FastifyReply } from "fastify";
import type { AnswerFacts, AnswerStream } from "llamaduct";
import { ClientGone } from "./client-gone.ts";
import { writeEvents } from "./write-events.ts";

export interface Answer extends AnswerFacts {
  readonly body: object | AnswerStream<unknown>;
}

/** Writes an engine's answer: as JSON when it is whole, as events when it streams. */
export async function sendAnswer(reply: FastifyReply, { body, model, warnings }: Answer): Promise<object | undefined> {
  reply.headers({ "x-llamaduct-model": headerText(model), ...warningHeader(warnings) });
  return isStream(body) ? sendStream(reply, body) : body;
}

function isStream(body: Answer["body"]): body is AnswerStream<unknown> {
  return "toEvents" in body;
}

async function sendStream(reply: FastifyReply, stream: AnswerStream<unknown>): Promise<undefined> {
  reply.hijack();
  // Fastify's type has `undefined` among the values, for headers that are not set.
  reply.raw.writeHead(200, { ...reply.getHeaders(), ...EVENT_STREAM } as OutgoingHttpHeaders);
  try {
    await writeEvents(reply.raw, stream.toEvents());
  } catch (error) {
    // The head is out: all that is left to say is that this is not the end of an answer.
    reply.raw.destroy();
    if (!(error instanceof ClientGone)) reply.log.error({ err: error }, "stream failed");
  }
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

/** Header values are Latin-1 at best, and a client's text may be in them. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 1000);
}
