import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { closedPort, serveHttp, serveRaw } from "../test/servers.ts";
import { type FetchFunction, type FetchResponse, fromFetch } from "./from-fetch.ts";
import { lines } from "./lines.ts";
import { readText } from "./read-text.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const transport = fromFetch(fetch);

describe("fromFetch", () => {
  it("sends a request and reads its answer", async () => {
    const server = await serveHttp(async (request, response) => {
      const received = Buffer.concat(await request.toArray()).toString();
      response.setHeader("x-one", ["a", "b"]).writeHead(404);
      response.end(`${request.method} ${request.url} ${request.headers.authorization} ${received}\nlast`);
    });
    const { status, headers, body } = await transport({
      method: "POST",
      url: `${server.url}/api/chat?a=b`,
      headers: { authorization: "Bearer key" },
      body: "日本",
    });
    expect([status, headers["x-one"]]).toEqual([404, "a, b"]);
    const all: string[] = [];
    for await (const batch of lines(body)) all.push(...batch);
    expect(all).toEqual(["POST /api/chat?a=b Bearer key 日本", "last"]);
  });

  it("reads an answer without a body", async () => {
    const server = await serveHttp((_, response) => response.writeHead(204).end());
    const { status, body } = await transport({ method: "DELETE", url: server.url });
    expect([status, await readText(body)]).toEqual([204, ""]);
  });

  it("does not follow redirects", async () => {
    const target = await serveHttp((_, response) => response.end());
    const server = await serveHttp((_, response) => response.writeHead(302, { location: target.url }).end());
    expect((await transport({ method: "GET", url: server.url })).status).toBe(302);
    expect(target.sockets).toHaveLength(0);
  });

  it("refuses the redirect that a browser hides", async () => {
    const response: FetchResponse = { status: 0, type: "opaqueredirect", headers: new Headers(), body: null };
    const error = await fromFetch(async () => response)({ method: "GET", url: "http://host/a?key=secret" }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: "ProviderError", code: "upstream_protocol_error" });
    expect(String(error)).toContain("host:80");
    expect(String(error)).not.toContain("secret");
  });

  it.each(["/relative", "http://user:secret@127.0.0.1/"])("refuses the URL %s", async (url) => {
    await expect(transport({ method: "GET", url })).rejects.toMatchObject({ code: "invalid_value" });
  });

  it("says that nothing listens", async () => {
    const port = await closedPort();
    await expect(transport({ method: "GET", url: `http://127.0.0.1:${port}` })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      message: `Nothing is listening at 127.0.0.1:${port}: the connection was refused.`,
      cause: { code: "ECONNREFUSED" },
    });
  });

  it.each<[string, string, string]>([
    ["bytes that are not HTTP", "SSH-2.0-OpenSSH_9.9\r\n", "upstream_protocol_error"],
    ["no answer", "", "upstream_connection_failed"],
    ["half a body", `${OK}content-length: 9\r\n\r\nab`, "upstream_stream_interrupted"],
    ["a bad chunk", `${OK}transfer-encoding: chunked\r\n\r\nxyz\r\n`, "upstream_protocol_error"],
  ])("%s", async (_, bytes, code) => {
    const server = await serveRaw(({ socket }) => socket.end(bytes));
    const exchange = transport({ method: "GET", url: server.url }).then(({ body }) => readText(body));
    await expect(exchange).rejects.toMatchObject({ name: "ProviderError", code });
  });

  describe("leaving", () => {
    async function openStream(signal?: AbortSignal) {
      const closed = Promise.withResolvers<void>();
      const server = await serveRaw(({ socket }: { socket: Socket }) => {
        socket.once("close", () => closed.resolve());
        socket.write(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n`);
      });
      const { body } = await transport({ method: "GET", url: server.url, signal });
      const reader = body[Symbol.asyncIterator]();
      expect(Buffer.from((await reader.next()).value).toString()).toBe("ab");
      return { reader, closed: closed.promise };
    }

    it("rejects with the reason itself when aborted before, without asking", async () => {
      const reason = {};
      let asked = false;
      const spy: FetchFunction = () => {
        asked = true;
        return fetch("http://127.0.0.1:1");
      };
      const exchange = fromFetch(spy)({ method: "GET", url: "http://host/", signal: AbortSignal.abort(reason) });
      await expect(exchange).rejects.toBe(reason);
      expect(asked).toBe(false);
    });

    it("rejects with the reason itself while waiting for the head", async () => {
      const controller = new AbortController();
      const server = await serveRaw(() => controller.abort("gone"));
      await expect(transport({ method: "GET", url: server.url, signal: controller.signal })).rejects.toBe("gone");
    });

    it("rejects a pending read at once and closes the connection", async () => {
      const controller = new AbortController();
      const { reader, closed } = await openStream(controller.signal);
      const read = reader.next();
      controller.abort("gone");
      await expect(read).rejects.toBe("gone");
      expect(await reader.next()).toEqual({ done: true, value: undefined });
      await closed;
    });

    it("rejects the next read after an abort between reads", async () => {
      const controller = new AbortController();
      const { reader, closed } = await openStream(controller.signal);
      controller.abort("gone");
      await expect(reader.next()).rejects.toBe("gone");
      await closed;
    });

    it("does not depend on a fetch that obeys the signal", async () => {
      const controller = new AbortController();
      let cancelled = 0;
      const reader = {
        read: () => new Promise<never>(() => {}),
        cancel: async () => {
          cancelled++;
        },
      };
      const response = { status: 200, type: "basic", headers: new Headers(), body: { getReader: () => reader } };
      const request = { method: "GET", url: "http://host/", signal: controller.signal } as const;
      const deaf = fromFetch(async () => response);
      const [during, between] = [await deaf(request), await deaf(request)];
      const read = during.body[Symbol.asyncIterator]().next();
      controller.abort("gone");
      await expect(read).rejects.toBe("gone");
      await expect(readText(between.body)).rejects.toBe("gone");
      expect(cancelled).toBe(2);
    });

    it("closes the connection when the reader leaves, also during a read", async () => {
      const { reader, closed } = await openStream();
      const read = reader.next();
      await reader.return?.();
      expect(await read).toEqual({ done: true, value: undefined });
      await closed;
    });
  });
});
