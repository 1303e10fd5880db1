import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Limits } from "../../config/limits.ts";
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
export function createClientErrorHandler(limits: HeadLimits): ClientErrorHandler {
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
      socket.end(toText(fromCode((error as NodeJS.ErrnoException).code, limits)));
      setTimeout(() => socket.destroy(), LINGER_MS).unref();
    },
  };
}

type HeadLimits = Pick<Limits, "headers" | "headerBytes" | "headersMs" | "requestMs">;

function fromCode(code: string | undefined, limits: HeadLimits): HttpError {
  const { headers, headerBytes, headersMs, requestMs } = limits;
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpError(
        "headers_too_large",
        `The headers are more than ${headers}, or larger than ${headerBytes} bytes together.`,
      );
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpError(
        "request_timeout",
        `Headers must arrive within ${headersMs / 1000} s, a whole request within ${requestMs / 1000} s.`,
      );
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
