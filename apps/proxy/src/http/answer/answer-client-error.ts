import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { REQUEST_ID, requestId } from "../request/request-id.ts";
import { HttpError } from "./http-error.ts";

export interface ClientErrorHandler {
  /** For every request, so that no answer is written into the middle of another. */
  watch(request: IncomingMessage, response: ServerResponse): void;
  /** Answers what is not HTTP, or not in time: there is no request yet, so the answer is written by hand. */
  handle(error: Error, socket: Socket): void;
}

/** Time for the answer to arrive: closing at once, with the client still sending, would reset the connection. */
const LINGER_MS = 1_000;

/** For one server. */
export function createClientErrorHandler(): ClientErrorHandler {
  const open = new WeakMap<Socket, Set<ServerResponse>>();
  const hasBegun = (socket: Socket) => [...(open.get(socket) ?? [])].some(({ headersSent }) => headersSent);
  return {
    watch({ socket }, response) {
      const responses = open.get(socket) ?? new Set();
      open.set(socket, responses.add(response));
      response.once("close", () => responses.delete(response));
    },
    handle(error, socket) {
      if (!socket.writable || hasBegun(socket)) return void socket.destroy();
      socket.end(toText(fromCode((error as NodeJS.ErrnoException).code)));
      setTimeout(() => socket.destroy(), LINGER_MS).unref();
    },
  };
}

function fromCode(code: string | undefined): HttpError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpError("headers_too_large", "The headers are too large.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpError("request_timeout", "The request took too long to arrive.");
    default:
      return new HttpError("bad_http_request", "This is not a valid HTTP request.");
  }
}

function toText({ status, headers, body }: HttpError): string {
  const text = JSON.stringify(body);
  const fields = {
    ...headers,
    [REQUEST_ID]: requestId({ headers: {} }),
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(text)),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", text].join("\r\n");
}
