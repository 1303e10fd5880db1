import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { JsonValue } from "@llamaduct/core";
import type { Play } from "./act.ts";
import type { UpstreamRequest } from "./target.ts";

export interface UpstreamServer {
  /** With a path, as a server behind a gateway has one. */
  readonly baseURL: string;
  readonly requests: readonly UpstreamRequest[];
  /** Resolves with the first request that arrives, or has. */
  readonly firstRequest: Promise<UpstreamRequest>;
  close(): Promise<void>;
}

/** A server on a free local port that answers as `play` says. */
export async function startUpstream(play: Play): Promise<UpstreamServer> {
  const requests: UpstreamRequest[] = [];
  const first = Promise.withResolvers<UpstreamRequest>();
  const server = createServer((incoming, response) => {
    receive(incoming, response)
      .then((request) => {
        requests.push(request);
        first.resolve(request);
        return perform(play(request), response);
      })
      // A client that leaves while it is spoken to is what some cases are about.
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The kit's server has no port.");
  return {
    baseURL: `http://127.0.0.1:${address.port}/behind/a-gateway`,
    requests,
    firstRequest: first.promise,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<UpstreamRequest> {
  const pieces: Uint8Array[] = [];
  for await (const piece of incoming) pieces.push(piece);
  const left = new Promise<void>((resolve) => {
    response.once("close", () => {
      if (!response.writableFinished) resolve();
    });
  });
  return toUpstreamRequest({
    method: incoming.method ?? "",
    url: incoming.url ?? "/",
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    text: Buffer.concat(pieces).toString("utf8"),
    left,
  });
}

export interface RawRequest extends Pick<UpstreamRequest, "method" | "headers" | "text" | "left"> {
  readonly url: string;
}

export function toUpstreamRequest({ url, ...request }: RawRequest): UpstreamRequest {
  const { pathname: path, search: query } = new URL(url, "http://upstream");
  return { ...request, path, query, body: parseJson(request.text) };
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function perform(act: ReturnType<Play>, response: ServerResponse): Promise<void> {
  if (act === "silent") return;
  response.writeHead(act.status, act.headers);
  response.flushHeaders();
  for (const [index, piece] of act.pieces.entries()) {
    if (index === act.pause?.at) await act.pause.until;
    await new Promise<void>((resolve, reject) => response.write(piece, (error) => (error ? reject(error) : resolve())));
    // The reader runs in this process: give it the turn in which it can take the piece by itself.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (act.then === "break") response.destroy();
  else if (act.then !== "hang") response.end();
}
