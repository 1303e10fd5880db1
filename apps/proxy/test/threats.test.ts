import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer, type Server } from "node:net";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { line } from "./ndjson.ts";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy } from "./start-proxy.ts";

vi.setConfig({ testTimeout: 30_000 });

// Rows of docs/threat-model.md that no other file has.
const masterKey = "sk-the-one-master-key";
const messages = [{ role: "user", content: "hi" } as const];
const END = `${JSON.stringify({ message: { role: "assistant", content: "" }, done: true, done_reason: "stop" })}\n`;
const answered = { chunks: [line({ content: "hi" }), END], times: Number.POSITIVE_INFINITY };

describe("T1: a request does not choose where it goes", () => {
  const ELSEWHERE = "http://127.0.0.1:9/evil";
  const FIELDS = [
    "api_base",
    "base_url",
    "api_key",
    "url",
    "url_idx",
    "host",
    "endpoint",
    "proxy",
    "custom_llm_provider",
    "deployment_id",
    "azure_endpoint",
    "vertex_project",
    "extra_headers",
    "extra_body",
    "client",
    "model_list",
    "config",
  ];
  const HEADERS = [
    "host",
    "x-forwarded-host",
    "x-forwarded-for",
    "forwarded",
    "x-original-url",
    "x-rewrite-url",
    "x-http-method-override",
    "x-api-base",
    "x-litellm-api-base",
    "openai-organization",
    "x-target-url",
    "x-upstream",
    "referer",
    "origin",
  ];

  it.each(FIELDS)("the field %s", async (field) => {
    const { client, emulator } = await startProxy({ masterKey });
    emulator.enqueue(answered);
    for (const value of [ELSEWHERE, { url: ELSEWHERE }])
      await client.chat.completions.create({ model: "plain", messages, [field]: value } as never).catch(() => {});
    for (const { path, headers, method } of emulator.requests) {
      expect(`${method} ${path}`).toMatch(/^(POST \/api\/(chat|show)|GET \/api\/(tags|version|ps))$/);
      expect(headers["host"]).toBe(new URL(emulator.url).host);
      expect(headers["authorization"]).toBe(undefined);
    }
  });

  it.each(HEADERS)("the header %s", async (name) => {
    const { port, emulator } = await startProxy({ masterKey });
    emulator.enqueue(answered);
    const body = JSON.stringify({ model: "plain", messages });
    const fields = {
      authorization: `Bearer ${masterKey}`,
      "content-type": "application/json",
      "content-length": String(body.length),
      [name]: name === "host" ? "evil.example" : ELSEWHERE,
    };
    const { status } = await rawExchange(port, head("POST /v1/chat/completions HTTP/1.1", fields) + body);
    expect(status).toBe(200);
    const { path, headers } = await emulator.nextRequest("/api/chat");
    expect(path).toBe("/api/chat");
    expect(headers["host"]).toBe(new URL(emulator.url).host);
    expect(headers).not.toHaveProperty(name === "host" ? "x-forwarded-host" : name);
  });
});

it("T2: a host's redirect takes no key anywhere, in either kind of adapter", async () => {
  const visits: string[] = [];
  const other = await listening(
    createServer((request, response) => {
      visits.push(String(request.headers.authorization));
      response.end();
    }),
  );
  const host = await listening(
    createServer((_, response) => void response.writeHead(307, { location: `${other}/v1/chat/completions` }).end()),
  );
  const settings = { baseURL: host, apiKey: "sk-of-the-host" };
  const deployments = ["ollama_chat/m", "ollama/m", "openai/m"].map((model) => ({ name: model, model, settings }));
  const { client } = await startProxy({ masterKey, deployments });
  for (const { name } of deployments)
    await expect(client.chat.completions.create({ model: name, messages })).rejects.toMatchObject({ status: 502 });
  expect(visits).toEqual([]);
});

it("T5: of 2,000 texts sent as keys none passes but the key itself, and none breaks anything", async () => {
  const { app } = await startProxy({ masterKey, server: { masterKey, keys: [{ name: "a", sha256: "a".repeat(64) }] } });
  const near = fc.constantFrom(
    masterKey.slice(0, -1),
    `${masterKey}x`,
    masterKey.toUpperCase(),
    ` ${masterKey.slice(1)}`,
    "a".repeat(64),
    "' OR 1=1 --",
    "%",
    "*",
    ".*",
    "__proto__",
    "null",
  );
  const texts = fc.oneof(near, fc.string({ unit: "binary-ascii", maxLength: 60 }), fc.base64String({ maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const headers = { authorization: `Bearer ${text}` };
      const { statusCode } = await app.inject({ url: "/v1/models", headers });
      expect(statusCode).toBe(401);
    }),
    { numRuns: 2000 },
  );
  expect(
    (await app.inject({ url: "/model_group/info", headers: { authorization: `Bearer ${masterKey}` } })).statusCode,
  ).not.toBe(401);
});

it("T10: these are all the routes there are; none of them changes anything or runs what it is sent", async () => {
  const { app } = await startProxy();
  const routes = app.printRoutes({ commonPrefix: false }).split("\n");
  const methods = new Set(routes.flatMap((each) => /\(([A-Z, -]+)\)/.exec(each)?.[1]?.split(", ") ?? []));
  // DELETE is answered 501: see routes.test.ts.
  expect([...methods].sort()).toEqual(["DELETE", "GET", "HEAD", "OPTIONS", "POST"]);
  const posts = routes
    .filter((each) => /\bPOST\b/.test(each) && !/DELETE/.test(each))
    .map((each) => each.replace(/^[│├└─\s]+/, "").replace(/ \(.*/, ""));
  expect([...new Set(posts.map((each) => each.split("/").at(-1)))].sort()).toEqual([
    "completions",
    "embeddings",
    "token_counter",
  ]);
  for (const path of [
    "/config/update",
    "/key/generate",
    "/user/new",
    "/model/new",
    "/mcp-rest/test/connection",
    "/api/pull",
    "/api/create",
    "/api/delete",
    "/debug/pprof/",
    "/docs",
  ])
    expect((await app.inject({ method: "POST", url: path, payload: {} })).statusCode).toBe(404);
});

it("T19: what a host sends after its answer, or before it is asked, is in nobody's answer", async () => {
  let connections = 0;
  const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  const reply = (text: string) =>
    `HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n${chunk(line({ content: text }))}${chunk(END)}0\r\n\r\n`;
  const host = await listening(
    createTcpServer((socket) => {
      connections++;
      socket.on("error", () => {});
      socket.on("data", (bytes) => {
        if (String(bytes).startsWith("POST /api/chat")) socket.write(reply("yours") + reply("of another"));
        else socket.write("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
      });
    }),
  );
  const { client } = await startProxy({ upstream: host });
  for (let round = 0; round < 5; round++) {
    const { choices } = await client.chat.completions.create({ model: "plain", messages });
    expect(choices[0]?.message.content).toBe("yours");
  }
  expect(connections).toBeGreaterThanOrEqual(5);
});

it.each(["gzip", "br", "zstd", "gzip, gzip, gzip"])(
  "T22: an answer that is encoded as %s is not unpacked, but an error",
  async (encoding) => {
    const asked: unknown[] = [];
    const host = await listening(
      createServer((request, response) => {
        asked.push(request.headers["accept-encoding"]);
        response
          .writeHead(200, { "content-type": "application/x-ndjson", "content-encoding": encoding })
          .end(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0]));
      }),
    );
    const { client } = await startProxy({ upstream: host });
    await expect(client.chat.completions.create({ model: "plain", messages })).rejects.toMatchObject({
      status: 502,
      code: "upstream_protocol_error",
    });
    expect(new Set(asked)).toEqual(new Set(["identity"]));
  },
);

it("T23, T40: no text of a model is more than text: not an event, not a line of one, not a call", async () => {
  const proxy = await startProxy();
  const TEXTS = [
    "\n\ndata: [DONE]\n\n",
    "\r\n\r\n",
    'data: {"error":1}',
    "\u2028\u2029",
    "\0",
    "</script>",
    "http://169.254.169.254/",
    "event: error\n",
    "\ud800",
    "id: 1\rretry: 0",
  ];
  for (const text of TEXTS) {
    proxy.emulator.enqueue({ chunks: [line({ content: text }), END] });
    const response = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "plain", messages, stream: true }),
    });
    const events = (await response.text()).split("\n\n").filter((each) => each !== "");
    expect(events.at(-1)).toBe("data: [DONE]");
    const contents = events.slice(0, -1).map((each) => {
      expect(each).toMatch(/^data: \{[^\r\n]*\}$/);
      return JSON.parse(each.slice(6)).choices[0]?.delta.content ?? "";
    });
    expect(contents.join("").toWellFormed()).toBe(text.toWellFormed());
  }
  expect(proxy.emulator.requests.every(({ path }) => path === "/api/chat")).toBe(true);
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  // A server that listens on TCP has an address of this shape.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
