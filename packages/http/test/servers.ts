import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Every connection ever accepted. */
  readonly sockets: readonly Socket[];
}

/** A real HTTP server, closed with the test. */
export async function serveHttp(listener: RequestListener, host = "127.0.0.1"): Promise<TestServer> {
  return open(createHttpServer({ keepAliveTimeout: 60_000 }, listener), host);
}

export interface RawRequest {
  readonly socket: Socket;
  /** The request as it came: head, empty line, body. */
  readonly text: string;
  /** 1 for the first request of this connection. */
  readonly count: number;
}

/** A server that speaks bytes: `answer` is called when a whole request has come in. */
export async function serveRaw(answer: (request: RawRequest) => void): Promise<TestServer> {
  return open(
    createServer((socket) => {
      let text = "";
      let count = 0;
      socket.on("error", () => {});
      socket.setEncoding("utf8").on("data", (data: string) => {
        text += data;
        const size = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        const head = text.indexOf("\r\n\r\n");
        if (head < 0 || Buffer.byteLength(text.slice(head + 4)) < size) return;
        const request = { socket, text, count: ++count };
        text = "";
        answer(request);
      });
    }),
    "127.0.0.1",
  );
}

/** A port that was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = addressOf(server);
  server.close();
  await once(server, "close");
  return port;
}

async function open(server: Server, host: string): Promise<TestServer> {
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket));
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = addressOf(server);
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, port, sockets };
}

/** A server that listens on TCP has an address of this shape, never a pipe's name. */
function addressOf(server: Server): AddressInfo {
  return server.address() as AddressInfo;
}
