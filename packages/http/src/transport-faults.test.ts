import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { closedPort, serveHttp, serveRaw } from "../test/servers.ts";
import { createTransport } from "./create-transport.ts";
import { readText } from "./read-text.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const reset = (socket: Socket): void => void socket.resetAndDestroy();

const beforeTheBody: [string, (socket: Socket) => void, string][] = [
  ["FIN before any byte", (socket) => socket.end(), "upstream_connection_failed"],
  ["RST before any byte", reset, "upstream_connection_failed"],
  ["half a head, then FIN", (socket) => socket.end(`${OK}content-ty`), "upstream_protocol_error"],
  [
    "half a head, then RST",
    (socket) => socket.write(`${OK}content-ty`, () => setImmediate(reset, socket)),
    "upstream_protocol_error",
  ],
  ["bytes that are not HTTP", (socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"), "upstream_protocol_error"],
  ["headers with bare LF", (socket) => socket.end("HTTP/1.1 200 OK\ncontent-length: 0\n\n"), "upstream_protocol_error"],
  ["headers of 20 KB", (socket) => socket.end(`${OK}x: ${"x".repeat(20_000)}\r\n\r\n`), "upstream_protocol_error"],
  [
    "transfer-encoding and content-length",
    (socket) => socket.end(`${OK}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n`),
    "upstream_protocol_error",
  ],
  [
    "two content-lengths",
    (socket) => socket.end(`${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nab`),
    "upstream_protocol_error",
  ],
  [
    "101 that nobody asked for",
    (socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"),
    "upstream_protocol_error",
  ],
  [
    "a compressed answer",
    (socket) => socket.end(`${OK}content-encoding: gzip\r\ncontent-length: 2\r\n\r\nab`),
    "upstream_protocol_error",
  ],
];

const inTheBody: [string, (socket: Socket) => void, string][] = [
  ["a short content-length", (socket) => socket.end(`${OK}content-length: 9\r\n\r\nab`), "upstream_stream_interrupted"],
  [
    "a short content-length on a closing connection",
    (socket) => socket.end(`${OK}connection: close\r\ncontent-length: 9\r\n\r\nab`),
    "upstream_stream_interrupted",
  ],
  [
    "chunks without their terminator",
    (socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`),
    "upstream_stream_interrupted",
  ],
  [
    "chunks without their terminator on a closing connection",
    (socket) => socket.end(`${OK}connection: close\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n`),
    "upstream_stream_interrupted",
  ],
  [
    "FIN inside a chunk",
    (socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n9\r\n`),
    "upstream_stream_interrupted",
  ],
  [
    "a bad chunk size",
    (socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\nxyz\r\n`),
    "upstream_protocol_error",
  ],
];

describe("a faulty upstream", () => {
  it.each(beforeTheBody)("%s", async (_, fault, code) => {
    const server = await serveRaw(({ socket }) => fault(socket));
    const exchange = createTransport()({ method: "POST", url: `${server.url}/api/chat?key=secret`, body: "{}" });
    const error = await exchange.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "ProviderError", code });
    expect(String(error)).toContain(`127.0.0.1:${server.port}`);
    expect(String(error)).not.toMatch(/secret|api/);
    // A fresh connection's failure is not repeated: that is for whoever knows the request.
    expect(server.sockets).toHaveLength(1);
  });

  it.each(inTheBody)("%s, after the bytes before it", async (_, fault, code) => {
    const server = await serveRaw(({ socket }) => fault(socket));
    const { status, body } = await createTransport()({ method: "POST", url: server.url, body: "{}" });
    expect(status).toBe(200);
    let text = "";
    const reading = (async () => {
      for await (const bytes of body) text += Buffer.from(bytes).toString();
    })();
    await expect(reading).rejects.toMatchObject({ name: "ProviderError", code, cause: expect.any(Error) });
    expect(text).toBe("ab");
  });

  it("RST in the middle of a body", async () => {
    let connection: Socket | undefined;
    const server = await serveRaw(({ socket }) => {
      connection = socket;
      socket.write(`${OK}content-length: 9\r\n\r\nab`);
    });
    const { body } = await createTransport()({ method: "GET", url: server.url });
    const reader = body[Symbol.asyncIterator]();
    expect(Buffer.from((await reader.next()).value).toString()).toBe("ab");
    const read = reader.next();
    connection?.resetAndDestroy();
    await expect(read).rejects.toMatchObject({ code: "upstream_stream_interrupted", cause: { code: "ECONNRESET" } });
  });

  it("A13: many 103 before the answer", async () => {
    const hint = "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";
    const server = await serveRaw(({ socket }) => socket.write(`${hint.repeat(50)}${OK}content-length: 2\r\n\r\nok`));
    const { status, headers, body } = await createTransport()({ method: "GET", url: server.url });
    expect([status, headers, await readText(body)]).toEqual([200, { "content-length": "2" }, "ok"]);
  });

  it("bytes after the content-length are dropped with their connection", async () => {
    const server = await serveRaw(({ socket }) =>
      socket.write(`${OK}content-length: 2\r\n\r\nokHTTP/1.1 500 Evil\r\n\r\n`),
    );
    const transport = createTransport();
    for (const _ of [1, 2]) {
      const { status, body } = await transport({ method: "GET", url: server.url });
      expect([status, await readText(body)]).toEqual([200, "ok"]);
    }
    expect(server.sockets).toHaveLength(2);
  });

  it("A15: a redirect is an answer, and is not followed", async () => {
    const target = await serveHttp((_, response) => response.end());
    const server = await serveHttp((_, response) => response.writeHead(307, { location: target.url }).end());
    const { status } = await createTransport()({ method: "POST", url: server.url, body: "{}" });
    expect(status).toBe(307);
    expect(target.sockets).toHaveLength(0);
  });

  it("B16: a response over the limit ends, and what fits is given", async () => {
    const server = await serveRaw(({ socket }) => {
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`);
      socket.write("2\r\ncd\r\n2\r\nef\r\n");
    });
    const { body } = await createTransport({ maxResponseBytes: 4 })({ method: "GET", url: server.url });
    let text = "";
    const reading = (async () => {
      for await (const bytes of body) text += Buffer.from(bytes).toString();
    })();
    await expect(reading).rejects.toMatchObject({ code: "upstream_response_too_large" });
    expect(text).toBe("abcd");
  });

  it("A1: nothing listens, and the message says where", async () => {
    const port = await closedPort();
    await expect(createTransport()({ method: "GET", url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      message: `Nothing is listening at 127.0.0.1:${port}: the connection was refused.`,
      cause: { code: "ECONNREFUSED" },
    });
  });

  it("A1: nothing listens on localhost, on either family", async () => {
    const port = await closedPort();
    await expect(createTransport()({ method: "GET", url: `http://localhost:${port}/` })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      message: `Nothing is listening at localhost:${port}: the connection was refused.`,
    });
  });

  it("A3: a name that does not exist", async () => {
    await expect(createTransport()({ method: "GET", url: "http://no-such-host.invalid:11434/" })).rejects.toMatchObject(
      {
        code: "upstream_connection_failed",
        message: "The name of no-such-host.invalid:11434 could not be resolved.",
      },
    );
  });

  it("A4: a server that does not speak TLS", async () => {
    const plain = await serveHttp((_, response) => response.end());
    await expect(createTransport()({ method: "GET", url: `https://127.0.0.1:${plain.port}/` })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      message: `No secure connection to 127.0.0.1:${plain.port} could be made.`,
    });
  });

  it("A2: a connection that is not made in time", async () => {
    // A TLS handshake that nobody answers: the limit covers it, and it can be had without a network.
    const server = await serveRaw(() => {});
    const transport = createTransport({ connectTimeoutMs: 50 });
    await expect(transport({ method: "GET", url: `https://127.0.0.1:${server.port}/` })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      message: `127.0.0.1:${server.port} did not accept a connection in time.`,
    });
  });

  it("bodies that end with their connection end well: only the protocol above can tell", async () => {
    const server = await serveRaw(({ socket }) => socket.end(`${OK}\r\nab`));
    const { body } = await createTransport()({ method: "GET", url: server.url });
    expect(await readText(body)).toBe("ab");
  });
});
