import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server that behaves as Ollama does, and can be restarted. */
export interface StandIn {
  readonly url: string;
  /** Connections that are open. */
  connections(): Promise<number>;
  /** Ends everything that is open, and listens again after a while. */
  restart(downMs: number): Promise<void>;
  close(): Promise<void>;
}

export const PIECE = " light—“天”";
export const PIECES = 40;
/** Pieces of the answer for those who read slowly: more than what sockets hold. */
export const MANY_PIECES = 8_000;
export const CALL: string = '{"city":"Oslo"}';
const VECTOR: readonly number[] = Array.from({ length: 256 }, (_, index) => Math.sin(index));

const MODELS: Readonly<Record<string, readonly string[]>> = {
  plain: ["completion"],
  long: ["completion"],
  endless: ["completion"],
  native: ["completion", "tools"],
  embedder: ["embedding"],
};

/** `port` 0 takes a free one. */
export async function startStandIn(port = 0): Promise<StandIn> {
  const server = createServer((request, response) => void serve(request, response));
  server.keepAliveTimeout = 0;
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  await listen(port);
  // A server that listens on TCP has an address of this shape.
  const { port: taken } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${taken}`,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    async restart(downMs) {
      await close();
      await sleep(downMs);
      await listen(taken);
    },
    close,
  };
}

interface Body {
  readonly model: string;
  readonly format?: unknown;
  readonly tools?: unknown;
  readonly input?: readonly string[];
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = "" } = request;
  if (url === "/api/tags") return json(response, { models: Object.entries(MODELS).map(toTag) });
  if (url === "/api/ps") return json(response, { models: [] });
  if (url === "/api/version") return json(response, { version: "0.33.0" });
  const body = await read(request);
  if (body === undefined) return;
  if (url === "/api/show") return json(response, { capabilities: MODELS[withoutTag(body.model)] });
  if (url === "/api/embed")
    return json(response, { embeddings: (body.input ?? []).map(() => VECTOR), prompt_eval_count: 3 });
  return stream(response, url, body);
}

async function stream(response: ServerResponse, url: string, body: Body): Promise<void> {
  const model = withoutTag(body.model);
  const isChat = url === "/api/chat";
  const line = (text: string) =>
    toLine(body.model, isChat ? { message: { role: "assistant", content: text } } : { response: text });
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  for await (const piece of pieces(model, body)) {
    if (response.destroyed) return;
    if (!response.write(typeof piece === "string" ? line(piece) : toLine(body.model, piece))) await drained(response);
  }
  const rest = isChat ? { message: { role: "assistant", content: "" } } : { response: "" };
  response.end(
    toLine(body.model, { ...rest, done: true, done_reason: "stop", prompt_eval_count: 7, eval_count: PIECES }),
  );
}

/** Texts, and objects that are the inside of a line. */
async function* pieces(model: string, { format, tools }: Body): AsyncGenerator<string | object> {
  if (model === "native" && tools !== undefined) {
    const call = { function: { name: "get_weather", arguments: JSON.parse(CALL) } };
    yield { message: { role: "assistant", content: "", tool_calls: [call] } };
  } else if (format !== undefined) {
    for (const piece of [
      `{"tool_calls":[{"name":"get_`,
      `weather","arguments":${CALL.slice(0, 5)}`,
      CALL.slice(5),
      "}]}",
    ]) {
      yield piece;
      await sleep(1);
    }
  } else if (model === "endless") {
    for (;;) {
      yield PIECE;
      await sleep(1000);
    }
  } else {
    for (let index = 0; index < (model === "long" ? MANY_PIECES : PIECES); index++) {
      yield PIECE;
      // Bursts and pauses, as tokens come.
      if (model !== "long" && index % 8 === 7) await sleep(5);
    }
  }
}

function toLine(model: string, rest: object): string {
  return `${JSON.stringify({ model, created_at: "2026-11-24T10:00:00.123456789Z", done: false, ...rest })}\n`;
}

function toTag([name, capabilities]: readonly [string, readonly string[]]): object {
  return {
    name: `${name}:latest`,
    model: `${name}:latest`,
    modified_at: "2026-11-24T10:00:00Z",
    size: 1,
    capabilities,
  };
}

function withoutTag(model: string): string {
  return model.replace(/:.*$/, "");
}

function json(response: ServerResponse, value: object): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

async function read(request: IncomingMessage): Promise<Body | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part);
  } catch {
    // The proxy left while it was still sending.
    return undefined;
  }
  return JSON.parse(Buffer.concat(parts).toString()) as Body;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off("drain", settle);
      response.off("close", settle);
      resolve();
    };
    response.on("drain", settle);
    response.on("close", settle);
  });
}
