export const KEY = "sk-fuzz-8d1f0b7c5e";

const messages = [{ role: "user", content: "hi" }];
const BODIES: readonly (readonly [path: string, body: object])[] = [
  ["/v1/chat/completions", { model: "plain", messages }],
  ["/v1/chat/completions", { model: "plain", messages, stream: true }],
  ["/v1/chat/completions", { model: "tools", messages, tools: [{ type: "function", function: { name: "f" } }] }],
  ["/v1/completions", { model: "plain", prompt: "hi", stream: true }],
  ["/v1/embeddings", { model: "embedder", input: ["a", "b"] }],
  ["/utils/token_counter", { model: "plain", messages }],
];
const PATHS = [
  "/v1/models",
  "/v1/models/plain",
  "/model/info",
  "/health/liveness",
  "/metrics",
  "/openapi.json",
  "/",
  "/%zz",
];

/** Requests as bytes: good ones, two in a row, and shapes that servers have read in two ways. */
export const requests: readonly Uint8Array[] = [
  ...BODIES.map(([path, body]) => post(path, JSON.stringify(body))),
  ...BODIES.slice(0, 2).map(([path, body]) => chunked(path, JSON.stringify(body))),
  ...PATHS.map((path) => head(`GET ${path}`)),
  head("OPTIONS /v1/chat/completions", ["origin: http://a", "access-control-request-method: POST"]),
  head("GET http://evil/v1/models"),
  post("/v1/chat/completions", JSON.stringify(BODIES[0]?.[1]), ["connection: keep-alive"]) + head("GET /v1/models"),
  post("/v1/embeddings", "{}", ["transfer-encoding: chunked"]),
  post("/v1/embeddings", "0\r\n\r\nGET /v1/models HTTP/1.1\r\nhost: a\r\n\r\n", ["content-length: 5"]),
  chunked("/v1/embeddings", "{}").replace("chunked", "xchunked"),
  chunked("/v1/embeddings", "{}").replace("encoding:", "encoding :"),
  chunked("/v1/embeddings", "{}").replace("chunked", "identity, chunked"),
  post("/v1/embeddings", "{}").replaceAll("\r\n", "\n"),
  post("/v1/chat/completions", "{}", ["expect: 100-continue"]),
  post("/v1/chat/completions", "{}", ["upgrade: websocket", "connection: upgrade"]),
].map((text) => Buffer.from(text));

export const WORDS: readonly string[] = [
  "\r\n\r\n",
  " HTTP/1.1\r\n",
  "HTTP/1.0",
  "HTTP/2.0",
  "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "HEAD",
  "CONNECT a:1",
  "TRACE",
  "transfer-encoding: chunked\r\n",
  "transfer-encoding: gzip, chunked\r\n",
  "content-length: 0\r\n",
  "content-length: 99999999999999999999\r\n",
  "content-length: -1\r\n",
  "content-length: +5\r\n",
  "content-encoding: gzip\r\n",
  "content-type: text/plain\r\n",
  "connection: keep-alive\r\n",
  "host: b\r\n",
  `authorization: Bearer ${KEY}\r\n`,
  "authorization: Basic \xff\r\n",
  "x-api-key: a\r\n",
  "x-request-id: a\r\n",
  "x-litellm-timeout: 1\r\n",
  "__proto__: a\r\n",
  " folded\r\n",
  "\t",
  "0\r\n\r\n",
  "ffffffffffffffff\r\n",
  "1;a=b\r\n",
  "/../",
  "%2e%2e%2f",
  "%00",
  "?a=b",
  "//",
  "#",
];

function head(line: string, fields: readonly string[] = []): string {
  const lines = [`${line} HTTP/1.1`, "host: proxy", `authorization: Bearer ${KEY}`, "connection: close", ...fields];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function post(path: string, body: string, fields: readonly string[] = []): string {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return head(`POST ${path}`, ["content-type: application/json", length, ...fields]) + body;
}

function chunked(path: string, body: string): string {
  const [first, rest] = [body.slice(0, 9), body.slice(9)];
  const chunks = [first, rest, ""]
    .map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
    .filter((each, at) => at === 2 || each[0] !== "0");
  return head(`POST ${path}`, ["content-type: application/json", "transfer-encoding: chunked"]) + chunks.join("");
}
