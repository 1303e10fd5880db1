import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { line } from "./ndjson.ts";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy } from "./start-proxy.ts";

describe("whatever cannot be answered is told so in OpenAI's shape", () => {
  it.each<[string, string, number, string]>([
    ["what is not HTTP", "hello\r\n\r\n", 400, "bad_http_request"],
    ["a broken URL", head("GET /%zz HTTP/1.1"), 400, "bad_http_request"],
    ["no Host", "GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n", 400, "bad_http_request"],
    ["two Hosts", head("GET /v1/models HTTP/1.1", { Host: "other" }), 400, "bad_http_request"],
    ["an absolute URL", head("GET http://proxy/health/liveness HTTP/1.1"), 400, "bad_http_request"],
    ["an asterisk", head("OPTIONS * HTTP/1.1"), 400, "bad_http_request"],
    ["no version, as in HTTP/0.9", head("GET /health/liveness"), 400, "bad_http_request"],
    ["the version of another HTTP", head("GET /health/liveness HTTP/2.0"), 400, "bad_http_request"],
    ["an unknown path", head("GET /v1/nothing HTTP/1.1"), 404, "unknown_url"],
    ["a path like a pattern", head("GET /v1/:a(* HTTP/1.1"), 404, "unknown_url"],
    ["a doubled slash", head("GET //v1/models HTTP/1.1"), 404, "unknown_url"],
    ["a wrong method", head("GET /v1/chat/completions?a=b HTTP/1.1"), 405, "method_not_allowed"],
    ["an odd method", head("PROPFIND /v1/models HTTP/1.1"), 405, "method_not_allowed"],
    ["long headers", head("GET / HTTP/1.1", { long: "x".repeat(20_000) }), 431, "headers_too_large"],
  ])("%s", async (_, request, status, code) => {
    const { port } = await startProxy();
    const answer = await rawExchange(port, request);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "content-length": String(answer.body.length),
      "x-request-id": expect.stringMatching(/./),
      "x-should-retry": "false",
    });
    expect(JSON.parse(answer.body)).toEqual({
      error: { message: expect.stringMatching(/[.?]$/), type: "invalid_request_error", param: null, code },
    });
  });

  it.each(["GET http://proxy/ HTTP/1.1", "GET /", "GET /%zz HTTP/1.1"])(
    "C16: nothing behind a request that was not understood is taken for another: %s",
    async (line) => {
      const { port } = await startProxy();
      const alive = { connection: "keep-alive" };
      const answer = await rawExchange(port, head(line, alive) + head("GET /health/liveness HTTP/1.1", alive));
      expect(answer).toMatchObject({ status: 400, headers: { connection: "close" } });
      expect(answer.body).not.toContain("alive");
    },
  );

  it("a 405 says what is allowed", async () => {
    const { url } = await startProxy();
    const allow = async (path: string, method: string) => (await fetch(url + path, { method })).headers.get("allow");
    expect(await allow("/v1/chat/completions", "GET")).toBe("POST");
    expect(await allow("/v1/models", "DELETE")).toBe("GET, HEAD");
  });

  it("an expectation that nobody knows is not one to fail", async () => {
    const { port } = await startProxy();
    const answer = await rawExchange(port, head("GET /health/liveness HTTP/1.1", { expect: "200-ok" }));
    expect(answer).toMatchObject({ status: 200, headers: { "x-request-id": expect.stringMatching(/./) } });
  });

  it("no body is read for it", async () => {
    const { port } = await startProxy();
    const fields = { "content-type": "application/json", "content-length": "1000000" };
    expect((await rawExchange(port, head("POST /nothing HTTP/1.1", fields))).status).toBe(404);
  });

  it("an answer under way is not broken into", async () => {
    const { port, emulator } = await startProxy();
    emulator.enqueue({ chunks: [line({ content: "a" })], fault: { silenceAfterChunks: 1 } });
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    let text = "";
    socket.setEncoding("utf8").on("data", (data) => {
      text += data;
    });
    const body = JSON.stringify({ model: "plain", messages: [{ role: "user", content: "hi" }], stream: true });
    const fields = { "content-type": "application/json", "content-length": String(body.length) };
    socket.write(head("POST /v1/chat/completions HTTP/1.1", { ...fields, connection: "keep-alive" }) + body);
    await once(socket, "data");
    socket.write("nonsense\r\n\r\n");
    await once(socket, "close");
    expect(text).toMatch(/^HTTP\/1.1 200/);
    expect(text).not.toContain("bad_http_request");
  });
});

it("a request that arrives while the proxy closes is turned away", async () => {
  const { app, port } = await startProxy();
  const connected = once(app.server, "connection");
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const request = head("GET /v1/models HTTP/1.1", { connection: "keep-alive" });
  socket.write(request.slice(0, 10));
  const [connection] = await connected;
  while (connection.bytesRead < 10) await setImmediate();
  const closed = app.close();
  while (app.server.listening) await setImmediate();
  socket.write(request.slice(10));
  let text = "";
  for await (const part of socket.setEncoding("utf8")) text += part;
  await closed;
  expect(text).toMatch(/^HTTP\/1.1 503 /);
  expect(text).toMatch(/connection: close/i);
  expect(text).toContain("x-should-retry: true");
  expect(JSON.parse(text.split("\r\n\r\n")[1] ?? "")).toEqual({
    error: {
      message: "The proxy is shutting down.",
      type: "service_unavailable_error",
      param: null,
      code: "server_shutting_down",
    },
  });
});

describe("x-request-id", () => {
  it("is the client's own when it is sane, else a new one", async () => {
    const { url } = await startProxy();
    const idFor = async (id: string) => {
      const response = await fetch(`${url}/health/liveness`, { headers: { "x-request-id": id } });
      return response.headers.get("x-request-id");
    };
    expect(await idFor("req_A-1.2:3")).toBe("req_A-1.2:3");
    expect(await idFor("a b")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor("x".repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor("")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("is on streams and errors, where the OpenAI client finds it", async () => {
    const { client } = await startProxy();
    const request = { model: "plain", messages: [{ role: "user", content: "hi" } as const] };
    const { request_id } = await client.chat.completions.create({ ...request, stream: true }).withResponse();
    expect(request_id).toMatch(/./);
    const error = await client.chat.completions.create({ ...request, model: "nope" }).catch((reason) => reason);
    expect(error.requestID).toMatch(/./);
  });
});

describe("health", () => {
  it("is told without an upstream", async () => {
    const { url, emulator } = await startProxy();
    await emulator.close();
    for (const path of ["/health/liveliness", "/health/liveness"])
      expect(await (await fetch(url + path)).text()).toBe("I'm alive!");
    expect(await (await fetch(`${url}/health/readiness`)).json()).toMatchObject({ status: "healthy" });
  });

  it.each(["/health/liveness", "/health/readiness", "/v1/models"])(
    "HEAD %s is its GET without a body",
    async (path) => {
      const { url } = await startProxy();
      const [get, headers] = [await fetch(url + path), await fetch(url + path, { method: "HEAD" })];
      expect(headers.status).toBe(200);
      expect(headers.headers.get("content-length")).toBe(get.headers.get("content-length"));
      expect(await headers.text()).toBe("");
    },
  );
});
