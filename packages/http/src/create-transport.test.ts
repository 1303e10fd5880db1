import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { promisify } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { serveHttp, serveRaw } from "../test/servers.ts";
import { createTransport } from "./create-transport.ts";
import { lines } from "./lines.ts";
import { readText } from "./read-text.ts";

const OK = "HTTP/1.1 200 OK\r\n";

/** undici takes a connection back one turn of the event loop after the end of its response. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function hasAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((entries) => entries?.some((entry) => entry.address === address));
}

describe("createTransport", () => {
  it("sends what it is given and nothing else", async () => {
    const server = await serveRaw(({ socket, text }) => {
      socket.write(`${OK}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
    const { body } = await createTransport()({
      method: "POST",
      url: `${server.url}/prefix/api/chat?a=%20b#fragment`,
      headers: { "content-type": "application/json", authorization: "Bearer key" },
      body: '{"prompt":"日本"}',
    });
    expect((await readText(body)).split("\r\n")).toEqual([
      "POST /prefix/api/chat?a=%20b HTTP/1.1",
      `host: 127.0.0.1:${server.port}`,
      "connection: keep-alive",
      "content-type: application/json",
      "authorization: Bearer key",
      "accept-encoding: identity",
      "content-length: 19",
      "",
      '{"prompt":"日本"}',
    ]);
  });

  it.each([
    ["DELETE", '{"model":"m"}', '{"model":"m"}'],
    ["POST", undefined, ""],
    ["GET", undefined, ""],
  ] as const)("sends %s with body %j", async (method, body, expected) => {
    const server = await serveHttp(async (request, response) => {
      const received = Buffer.concat(await request.toArray()).toString();
      response.end(`${request.method} ${received}`);
    });
    const response = await createTransport()({ method, url: server.url, body });
    expect(await readText(response.body)).toBe(`${method} ${expected}`);
  });

  it("answers HEAD with headers and no body", async () => {
    const server = await serveHttp((_, response) => response.setHeader("content-length", 7).end());
    const { status, headers, body } = await createTransport()({ method: "HEAD", url: server.url });
    expect([status, headers["content-length"], await readText(body)]).toEqual([200, "7", ""]);
  });

  it("gives names in lower case, repeated headers joined, and errors as answers", async () => {
    const server = await serveRaw(({ socket }) => {
      socket.write("HTTP/1.1 404 Not Found\r\nX-One: a\r\nX-One: b\r\n__proto__: c\r\nContent-Length: 0\r\n\r\n");
    });
    const { status, headers } = await createTransport()({ method: "GET", url: server.url });
    expect(status).toBe(404);
    expect(Object.entries(headers)).toEqual([
      ["x-one", "a, b"],
      ["__proto__", "c"],
      ["content-length", "0"],
    ]);
  });

  it("gives each piece when it arrives", async () => {
    let stream: ServerResponse | undefined;
    const server = await serveHttp((_, response) => {
      stream = response;
      response.write("one\n");
    });
    const { body } = await createTransport()({ method: "GET", url: server.url });
    const reader = lines(body)[Symbol.asyncIterator]();
    expect((await reader.next()).value).toEqual(["one"]);
    stream?.write("two\n");
    expect((await reader.next()).value).toEqual(["two"]);
    stream?.end();
    expect((await reader.next()).done).toBe(true);
  });

  it("uses a connection again once its body is read, also after an error status", async () => {
    const server = await serveHttp((_, response) => response.writeHead(500).end("text"));
    const transport = createTransport();
    for (const _ of [1, 2, 3]) {
      await readText((await transport({ method: "GET", url: server.url })).body);
      await turn();
    }
    expect(server.sockets).toHaveLength(1);
  });

  it("does not wait for one stream to send another request", async () => {
    const server = await serveHttp((_, response) => void response.write("open"));
    const transport = createTransport();
    const first = await transport({ method: "GET", url: server.url });
    const second = await transport({ method: "GET", url: server.url });
    expect([first.status, second.status, server.sockets.length]).toEqual([200, 200, 2]);
    for (const { body } of [first, second]) for await (const _ of body) break;
  });

  it.for(["127.0.0.1", "::1"])("K6: reaches a server on localhost that listens on %s only", async (host, context) => {
    context.skip(!hasAddress(host), "This machine has no IPv6.");
    const server = await serveHttp((_, response) => response.end("here"), host);
    const { body } = await createTransport()({ method: "GET", url: `http://localhost:${server.port}/` });
    expect(await readText(body)).toBe("here");
  });

  it.each(["/relative", "ftp://127.0.0.1/", "http://user:secret@127.0.0.1/", "http://"])(
    "refuses the URL %s",
    async (url) => {
      const error = await createTransport()({ method: "GET", url }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: "ProviderError", code: "invalid_value" });
      expect(String(error)).not.toContain("secret");
    },
  );

  it("refuses a header that would split the request", async () => {
    const server = await serveHttp((_, response) => response.end());
    const headers = { authorization: "Bearer secret\r\nx: y" };
    const error = await createTransport()({ method: "GET", url: server.url, headers }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: "ProviderError", code: "invalid_value" });
    expect(String(error)).not.toContain("secret");
    expect(server.sockets).toHaveLength(0);
  });
});

describe("back-pressure", () => {
  it("stops the upstream while nobody reads, and loses nothing", async () => {
    const total = 64 * 1024 * 1024;
    const block = Buffer.alloc(64 * 1024, "x");
    let sent = 0;
    const server = await serveHttp(async (_, response) => {
      for (; sent < total; sent += block.length) {
        if (!response.write(block)) await once(response, "drain");
      }
      response.end();
    });
    const { body } = await createTransport()({ method: "GET", url: server.url });
    // Standing still for 100 turns of the event loop: the kernel's buffers are full, and ours is not growing.
    for (let still = 0, before = -1; still < 100; before = sent) {
      await turn();
      still = sent === before ? still + 1 : 0;
    }
    expect(sent).toBeLessThan(total / 2);
    let received = 0;
    for await (const bytes of body) received += bytes.length;
    expect(received).toBe(total);
  });
});

describe("stale connections", () => {
  const answer = (socket: Socket): void => void socket.write(`${OK}content-length: 2\r\n\r\nok`);

  it.each<[string, (socket: Socket) => void]>([
    ["FIN", (socket) => socket.end()],
    ["RST", (socket) => socket.resetAndDestroy()],
  ])("N7: a request that meets %s on a used connection is sent once more on a new one", async (_, fault) => {
    const requests: string[] = [];
    const server = await serveRaw(({ socket, text, count }) => {
      requests.push(text);
      if (count === 1) answer(socket);
      else fault(socket);
    });
    const transport = createTransport();
    for (const body of ["first", "second"]) {
      const response = await transport({ method: "POST", url: server.url, body });
      expect(await readText(response.body)).toBe("ok");
      await turn();
    }
    expect(server.sockets).toHaveLength(2);
    expect(requests.map((text) => text.split("\r\n\r\n")[1])).toEqual(["first", "second", "second"]);
    expect(requests.map((text) => /connection: (.*)\r\n/.exec(text)?.[1])).toEqual([
      "keep-alive",
      "keep-alive",
      "close",
    ]);
  });

  it("N7: only once", async () => {
    const server = await serveRaw(({ socket }) => {
      if (server.sockets.length === 1 && socket.bytesWritten === 0) answer(socket);
      else socket.end();
    });
    const transport = createTransport();
    await readText((await transport({ method: "POST", url: server.url, body: "first" })).body);
    await turn();
    await expect(transport({ method: "POST", url: server.url, body: "second" })).rejects.toMatchObject({
      code: "upstream_connection_failed",
    });
    expect(server.sockets).toHaveLength(2);
  });

  it.each<[string, string, string]>([
    ["half a head", "HTTP/1.1 20", "upstream_protocol_error"],
    ["one byte", "H", "upstream_protocol_error"],
    ["half a body", `${OK}content-length: 9\r\n\r\nab`, "upstream_stream_interrupted"],
  ])("N7: not after %s", async (_, heard, code) => {
    const server = await serveRaw(({ socket, count }) => {
      if (count === 1) answer(socket);
      else socket.end(heard);
    });
    const transport = createTransport();
    await readText((await transport({ method: "POST", url: server.url, body: "first" })).body);
    await turn();
    const second = transport({ method: "POST", url: server.url, body: "second" }).then(({ body }) => readText(body));
    await expect(second).rejects.toMatchObject({ code });
    expect(server.sockets).toHaveLength(1);
  });
});

describe("fresh connections", () => {
  it("N7: a failure on one that replaces a closed one is not repeated", async () => {
    const server = await serveRaw(({ socket, text }) => {
      if (text.startsWith("GET /stream")) socket.write(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`);
      else if (text.startsWith("GET /close")) socket.end(`${OK}connection: close\r\ncontent-length: 2\r\n\r\nok`);
      else socket.end();
    });
    const transport = createTransport();
    // Keeps the pool, and so the client whose second connection is the one to look at.
    const stream = await transport({ method: "GET", url: `${server.url}/stream` });
    await readText((await transport({ method: "GET", url: `${server.url}/close` })).body);
    await vi.waitFor(() => expect(server.sockets[1]?.destroyed).toBe(true));
    await turn();
    await expect(transport({ method: "GET", url: `${server.url}/fin` })).rejects.toMatchObject({
      code: "upstream_connection_failed",
    });
    expect(server.sockets).toHaveLength(3);
    for await (const _ of stream.body) break;
  });
});

describe("abort", () => {
  it("does nothing when aborted before", async () => {
    const server = await serveHttp((_, response) => response.end());
    const reason = { left: true };
    const exchange = createTransport()({ method: "GET", url: server.url, signal: AbortSignal.abort(reason) });
    await expect(exchange).rejects.toBe(reason);
    expect(server.sockets).toHaveLength(0);
  });

  it("rejects with the reason itself while undici is still being loaded, and sends nothing", async () => {
    const requests: string[] = [];
    const server = await serveRaw(({ text, socket }) => {
      requests.push(text);
      socket.write(`${OK}content-length: 0\r\n\r\n`);
    });
    const transport = createTransport();
    const controller = new AbortController();
    const exchange = transport({ method: "GET", url: `${server.url}/aborted`, signal: controller.signal });
    controller.abort("gone");
    await expect(exchange).rejects.toBe("gone");
    await transport({ method: "GET", url: `${server.url}/next` });
    expect(requests.map((text) => text.split(" ")[1])).toEqual(["/next"]);
    expect(server.sockets).toHaveLength(1);
  });

  it("sends nothing when aborted while it connects", async () => {
    const requests: string[] = [];
    const server = await serveRaw(({ text, socket }) => {
      requests.push(text);
      socket.write(`${OK}content-length: 0\r\n\r\n`);
    });
    const other = await serveHttp((_, response) => response.end());
    const transport = createTransport();
    await transport({ method: "GET", url: other.url });
    const controller = new AbortController();
    const exchange = transport({ method: "GET", url: `${server.url}/aborted`, signal: controller.signal });
    // undici is loaded: a few turns of the microtask queue start the connection, only the event loop completes it.
    for (let index = 0; index < 20; index++) await undefined;
    controller.abort("gone");
    await expect(exchange).rejects.toBe("gone");
    await transport({ method: "GET", url: `${server.url}/next` });
    await vi.waitFor(() => expect(server.sockets.map(({ destroyed }) => destroyed)).toEqual([true, false]));
    expect(requests.map((text) => text.split(" ")[1])).toEqual(["/next"]);
  });

  it("rejects before the headers and closes the upstream's socket", async () => {
    const controller = new AbortController();
    const closed = Promise.withResolvers<void>();
    const reason = new Error("the client left");
    const server = await serveRaw(({ socket }) => {
      socket.once("close", () => closed.resolve());
      controller.abort(reason);
    });
    const exchange = createTransport()({ method: "GET", url: server.url, signal: controller.signal });
    await expect(exchange).rejects.toBe(reason);
    await closed.promise;
  });

  it("rejects a pending read and closes the upstream's socket", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serveRaw(({ socket }) => {
      socket.once("close", () => closed.resolve());
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`);
    });
    const controller = new AbortController();
    const { body } = await createTransport()({ method: "GET", url: server.url, signal: controller.signal });
    const reader = body[Symbol.asyncIterator]();
    await reader.next();
    const read = reader.next();
    controller.abort(0);
    await expect(read).rejects.toBe(0);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    await closed.promise;
  });

  it("closes the socket of a body nobody ever read", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serveRaw(({ socket }) => {
      socket.once("close", () => closed.resolve());
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`);
    });
    const controller = new AbortController();
    const { body } = await createTransport()({ method: "GET", url: server.url, signal: controller.signal });
    controller.abort("late");
    await closed.promise;
    await expect(readText(body)).rejects.toBe("late");
  });

  it("closes the socket when the loop over the body is left", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serveRaw(({ socket }) => {
      socket.once("close", () => closed.resolve());
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n3\r\na\nb\r\n`);
    });
    const { body } = await createTransport()({ method: "GET", url: server.url });
    for await (const _ of lines(body)) break;
    await closed.promise;
  });

  it("leaves no listener behind on a signal that lives long", async () => {
    const server = await serveRaw(({ socket, text }) => {
      if (text.startsWith("GET /cut")) socket.end();
      else if (text.startsWith("GET /open")) socket.write(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`);
      else socket.write(`${OK}content-length: 2\r\n\r\nok`);
    });
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    const active = new Set<unknown>();
    signal.addEventListener = (type: string, listener: never) => {
      active.add(listener);
      listeners++;
      add(type, listener);
    };
    signal.removeEventListener = (type: string, listener: never) => {
      active.delete(listener);
      remove(type, listener);
    };
    const transport = createTransport();
    await readText((await transport({ method: "GET", url: server.url, signal })).body);
    await transport({ method: "HEAD", url: server.url, signal });
    await transport({ method: "GET", url: `${server.url}/cut`, signal }).catch(() => {});
    for await (const _ of (await transport({ method: "GET", url: `${server.url}/open`, signal })).body) break;
    expect([listeners, active.size]).toEqual([4, 0]);
  });
});

describe("the process", () => {
  it("may exit as soon as the last answer is read", async () => {
    // Its own server does not count: it is unref'ed. undici would keep its idle connection for 4 s.
    const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const script = `
      const { createTransport, readText } = await import(${JSON.stringify(new URL("index.ts", import.meta.url).href)});
      const { body } = await createTransport()({ method: "GET", url: process.argv[1] });
      console.log(await readText(body));
      const read = performance.now();
      process.on("exit", () => console.log(performance.now() - read < 1000 ? "prompt" : "late"));`;
    const url = typeof address === "object" ? `http://127.0.0.1:${address?.port}/` : "";
    const args = ["--conditions=@llamaduct/source", "--input-type=module", "--eval", script, url];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    server.close();
    expect(stdout).toBe("ok\nprompt\n");
  });
});
