import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { play } from "./play.ts";
import { type OllamaVersion, recording, recordings } from "./recordings.ts";
import type { Reply } from "./reply.ts";
import { createRequestLog, type SeenRequest } from "./request-log.ts";
import { toScript } from "./to-script.ts";
import { type Answer, type Asked, type Persona, usualAnswer } from "./usual-answer.ts";

export interface EmulatorOptions {
  /** Default `0.33.0`. */
  readonly version?: OllamaVersion | undefined;
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Milliseconds of silence before each chunk, for a stream that people can watch; default 0. */
  readonly delayMs?: number | undefined;
}

/** A running emulator. `await using` closes it. */
export interface Emulator extends AsyncDisposable {
  /** Such as `http://127.0.0.1:49152`, without a trailing slash. */
  readonly url: string;
  readonly version: OllamaVersion;
  /** Requests in the order in which they had arrived whole. */
  readonly requests: readonly SeenRequest[];
  /** Connections that are open now, idle ones included. */
  readonly connections: number;
  /**
   * The earliest request to that path (to any, without one) that no earlier call returned; waits when there is none. So
   * it does not matter whether the request or this call comes first. Rejects when the emulator closes.
   */
  nextRequest(path?: string): Promise<SeenRequest>;
  /** Scripts the next answers to one path. Replies are used up in order; then the emulator answers by itself again. */
  enqueue(reply: Reply): void;
  /** Ends live connections too. */
  close(): Promise<void>;
}

/** Starts an emulator. Rejects when it cannot listen, such as on a port in use. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { version = "0.33.0", host = "127.0.0.1", port = 0, delayMs = 0 } = options;
  const persona: Persona = { version, onLoopback: /^(localhost$|127\.|::1$)/.test(host) };
  recordings(version); // Now, not in the middle of the first request.
  const log = createRequestLog();
  const queues = new Map<string, { readonly reply: Reply; left: number }[]>();

  const server = createServer((request, response) => void serve(request, response));
  // As the real one: an idle connection stays open, so that a pooled one is not closed under a client's hands.
  server.keepAliveTimeout = 0;
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request);
    if (asked === undefined) return;
    const { promise, resolve } = Promise.withResolvers<"complete" | "aborted">();
    let endedAt: number | undefined;
    log.add({
      ...asked,
      receivedAt: performance.now(),
      ended: promise,
      get endedAt() {
        return endedAt;
      },
    });
    const reply = takeReply(asked.path);
    const script = toScript(answerOf(asked, reply), reply?.fault);
    const outcome = await play(response, script, { delayMs: reply?.delayMs ?? delayMs });
    endedAt = performance.now();
    resolve(outcome);
  }

  function takeReply(path: string): Reply | undefined {
    const queue = queues.get(path);
    const first = queue?.[0];
    if (first === undefined) return undefined;
    first.left -= 1;
    if (first.left <= 0) queue?.shift();
    return first.reply;
  }

  function answerOf(asked: Asked, reply: Reply | undefined): Answer {
    if (reply === undefined) return usualAnswer(asked, persona);
    const base = reply.recording ?? (reply.chunks === undefined ? usualAnswer(asked, persona) : blank(reply.status));
    const answer = typeof base === "string" ? recording(version, base) : base;
    return {
      ...answer,
      status: reply.status ?? answer.status,
      chunks: reply.chunks ?? answer.chunks,
      headers: [...answer.headers, ...Object.entries(reply.headers ?? {})],
    };
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve, reject) => {
      log.close();
      server.close((error) => (error === undefined ? resolve() : reject(error)));
      server.closeAllConnections();
    });
    return closing;
  };

  const address = server.address();
  const boundPort = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
    version,
    requests: log.requests,
    get connections() {
      return sockets.size;
    },
    nextRequest: (path) => log.next(path),
    enqueue(reply) {
      // A misspelt name fails here, in the test that wrote it, not in the server.
      if (typeof reply.recording === "string") recording(version, reply.recording);
      const { path = "/api/chat", times = 1 } = reply;
      const queue = queues.get(path) ?? [];
      queues.set(path, queue);
      queue.push({ reply, left: times });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function blank(status = 200): Answer {
  const type = status >= 400 ? "application/json; charset=utf-8" : "application/x-ndjson";
  return { status, headers: [["Content-Type", type]], chunked: true, chunks: [], ended: "complete" };
}

async function readRequest(request: IncomingMessage): Promise<Asked | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part);
  } catch {
    // The client left while it was still sending: there is no request to answer.
    return undefined;
  }
  const text = Buffer.concat(parts).toString();
  return {
    method: request.method ?? "GET",
    path: request.url?.split("?")[0] ?? "/",
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : (value ?? ""),
      ]),
    ),
    text,
    body: parseJson(text),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
