import { describe, expect, it, onTestFinished } from "vitest";
import { line } from "./ndjson.ts";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy } from "./start-proxy.ts";

const BODY = JSON.stringify({ model: "plain", messages: [{ role: "user", content: "hi" }] });
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
const SMUGGLED = "POST /v1/embeddings HTTP/1.1\r\nhost: proxy\r\ncontent-length: 0\r\n\r\n";
const POST = "POST /v1/chat/completions HTTP/1.1\r\nhost: proxy\r\ncontent-type: application/json\r\n";

describe("T20: a request whose end two servers may see in two places is refused, its connection closed, and nobody asked", () => {
  it.each<[string, string]>([
    [
      "content-length and transfer-encoding",
      `${POST}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n${CHUNKED}`,
    ],
    ["the other way round", `${POST}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n${CHUNKED}`],
    ["two content-lengths", `${POST}content-length: ${BODY.length}\r\ncontent-length: 5\r\n\r\n${BODY}`],
    ["two that agree", `${POST}content-length: ${BODY.length}\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`],
    ["two in one", `${POST}content-length: ${BODY.length}, 5\r\n\r\n${BODY}`],
    ["one with a sign", `${POST}content-length: +${BODY.length}\r\n\r\n${BODY}`],
    ["a negative one", `${POST}content-length: -1\r\n\r\n${BODY}`],
    ["one in hex", `${POST}content-length: 0x10\r\n\r\n${BODY}`],
    ["one that overflows", `${POST}content-length: 18446744073709551617\r\n\r\n${BODY}`],
    ["an encoding that is none", `${POST}transfer-encoding: xchunked\r\n\r\n${CHUNKED}`],
    ["chunked that is not last", `${POST}transfer-encoding: chunked, identity\r\n\r\n${CHUNKED}`],
    ["chunked after a tab and a vertical one", `${POST}transfer-encoding:\t\vchunked\r\n\r\n${CHUNKED}`],
    ["a folded header", `${POST}transfer-encoding:\r\n chunked\r\n\r\n${CHUNKED}`],
    ["a space before a colon", `${POST}content-length : 5\r\n\r\n${BODY}`],
    ["a name with a NUL", `${POST}content-\0length: 5\r\n\r\n${BODY}`],
    ["a value with a NUL", `${POST}x: a\0b\r\ncontent-length: 5\r\n\r\n${BODY}`],
    ["line feeds alone", `${POST.replaceAll("\r\n", "\n")}content-length: 5\n\n${BODY}`],
    ["a carriage return alone", `${POST}x: a\rcontent-length: 5\r\n\r\n${BODY}`],
    ["a chunk size that is none", `${POST}transfer-encoding: chunked\r\n\r\nzz\r\n${BODY}\r\n0\r\n\r\n`],
    ["a negative chunk", `${POST}transfer-encoding: chunked\r\n\r\n-5\r\n${BODY}\r\n0\r\n\r\n`],
    ["a chunk size that overflows", `${POST}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n${BODY}`],
    ["a chunk longer than it says", `${POST}transfer-encoding: chunked\r\n\r\n5\r\n${BODY}\r\n0\r\n\r\n`],
    ["a line feed in a chunk's extension", `${POST}transfer-encoding: chunked\r\n\r\n5;a\n${BODY}\r\n0\r\n\r\n`],
    ["a chunk's extension without end", `${POST}transfer-encoding: chunked\r\n\r\n5;${"a".repeat(20_000)}\r\n${BODY}`],
    ["no version", `GET /v1/models\r\nhost: proxy\r\n\r\n`],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ])("%s", async (_, request) => {
    const { port, emulator, records } = await startProxy();
    const answer = await rawExchange(port, request + SMUGGLED);
    expect([400, 413, 431]).toContain(answer.status);
    expect(answer.headers).toMatchObject({ connection: "close", "content-type": "application/json; charset=utf-8" });
    expect(answer.body).not.toContain("HTTP/1.1");
    expect(JSON.parse(answer.body)).toMatchObject({ error: { type: "invalid_request_error", param: null } });
    expect(emulator.requests).toEqual([]);
    expect(records.filter(({ route }) => route === "/v1/embeddings")).toEqual([]);
  });

  it("a version that has no headers", async () => {
    const { port, emulator } = await startProxy();
    const answer = await rawExchange(port, "GET /v1/models\r\nhost: proxy\r\n\r\n");
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining("bad_http_request") });
    expect(emulator.requests).toEqual([]);
  });

  it("two that follow each other are two, answered in their order", async () => {
    const { port, emulator } = await startProxy();
    emulator.enqueue({ chunks: [answerOf("first")] });
    emulator.enqueue({ chunks: [answerOf("second")] });
    const chat = `${POST}content-length: ${BODY.length}\r\n`;
    const { body } = await rawExchange(port, `${chat}\r\n${BODY}${chat}connection: close\r\n\r\n${BODY}`);
    expect([...body.matchAll(/"content":"(\w+)"/g)].map(([, text]) => text)).toEqual(["first", "second"]);
    expect(emulator.requests).toHaveLength(2);
  });
});

describe("C18: what is not asked of this server", () => {
  it.each<[string, string, number]>([
    ["CONNECT", "CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: a\r\n\r\n", 0],
    ["TRACE", head("TRACE /v1/models HTTP/1.1", { authorization: "Bearer canary" }), 405],
    ["an upgrade", head("GET /health/liveness HTTP/1.1", { connection: "upgrade, close", upgrade: "websocket" }), 200],
  ])("%s", async (_, request, status) => {
    const { port, emulator } = await startProxy();
    const answer = await rawExchange(port, request);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain("canary");
    expect(emulator.requests).toEqual([]);
  });
});

describe("T24: nothing that a client sends becomes a header or a line of the log", () => {
  const INJECTIONS = [
    "a\r\nset-cookie: b=1",
    "a\nset-cookie: b=1",
    "a\u2028b",
    "a\x1b[31mb",
    "a\0b",
    "é\u{1f999}",
    "a\r\n\r\n<script>",
  ];

  it.each(INJECTIONS)("%j as a model's name, a user, a tag", async (text) => {
    const proxy = await startProxy({ logLevel: "trace", deployments: [{ name: "*", model: "ollama_chat/*" }] });
    proxy.emulator.enqueue({ chunks: [answerOf("hi")], times: 9 });
    for (const fields of [{ model: text }, { model: "plain", user: text }, { model: "plain", tags: [text] }])
      for (const stream of [false, true]) {
        const body = JSON.stringify({ messages: [{ role: "user", content: "hi" }], stream, ...fields });
        const fields_ = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
        const { status, headers } = await rawExchange(
          proxy.port,
          head("POST /v1/chat/completions HTTP/1.1", fields_) + body,
        );
        expect(status).toBeGreaterThanOrEqual(200);
        expect(headers).not.toHaveProperty("set-cookie");
        for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
      }
    for (const written of proxy.log) {
      expect(written).toMatch(/^[^\p{Cc}]*\n$/u);
      expect(() => JSON.parse(written)).not.toThrow();
    }
    expect(proxy.log.length).toBeGreaterThanOrEqual(6);
  });

  it.each(["x-request-id", "x-litellm-call-id", "x-litellm-tags", "user-agent", "x-litellm-end-user-id"])(
    "%s with control characters",
    async (name) => {
      const proxy = await startProxy({ logLevel: "trace" });
      for (const value of ["a\x1b[2Jb", "a\tb", "\u00e9\u00ff", '{"level":60}', "x".repeat(5000)]) {
        const { headers } = await rawExchange(proxy.port, head("GET /v1/models HTTP/1.1", { [name]: value }));
        for (const answered of Object.values(headers)) expect(answered).toMatch(/^[\x20-\x7e]{0,1000}$/);
      }
      for (const written of proxy.log) expect(JSON.parse(written)).not.toMatchObject({ level: 60 });
    },
  );
});

it("T13: headers that have the names of an object's own are headers, and nothing else", async () => {
  const { port } = await startProxy();
  const before = Object.getOwnPropertyNames(Object.prototype);
  const fields = {
    ["__proto__"]: "polluted",
    constructor: "polluted",
    "x-__proto__": "polluted",
    tostring: "polluted",
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `GET /v1/models HTTP/1.1\r\nhost: a\r\nconnection: close\r\n__proto__: polluted\r\n${lines.join("")}\r\n`;
  expect((await rawExchange(port, request)).status).toBe(200);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  onTestFinished(() => expect({}).not.toHaveProperty("polluted"));
});

function answerOf(content: string): string {
  const end = { message: { role: "assistant", content: "" }, done: true, done_reason: "stop" };
  return `${line({ content })}${JSON.stringify(end)}\n`;
}
