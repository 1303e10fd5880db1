import { head } from "../../apps/proxy/test/raw-exchange.ts";

/** What a client does, and what comes of it: a row of C, or one case of it. */
export interface Row {
  readonly id: string;
  readonly fault: string;
  /** For the reader of docs/reliability.md. */
  readonly outcome: string;
}

/** Bytes on a socket, and the answer to them. */
export interface RawRow {
  readonly id: string;
  readonly fault: string;
  readonly bytes: string | Uint8Array;
  /** HTTP status, and `error.code` of an error; 0 when the connection is closed without a word. */
  readonly answer: string;
}

const CHAT = "POST /v1/chat/completions HTTP/1.1";
const QUESTION = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] });
const json = { "content-type": "application/json" };

function chat(body: string | Uint8Array, fields: Readonly<Record<string, string>> = json): Uint8Array {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(head(CHAT, { "content-length": String(bytes.length), ...fields })), bytes]);
}

/** A body in HTTP chunks that are spelt out. */
function chunks(body: string, fields: Readonly<Record<string, string>> = {}): string {
  return `${head(CHAT, { ...json, "transfer-encoding": "chunked", ...fields })}${body}`;
}

const hex = Buffer.byteLength(QUESTION).toString(16);
const badHttp = "400 bad_http_request";

/** C: what is turned away before a model is asked, and what is not. The body limit here is 1 MB. */
export const RAW_ROWS: readonly RawRow[] = [
  {
    id: "C11",
    fault: "a body over the limit, announced",
    bytes: chat("x".repeat(1_100_000)),
    answer: "413 request_too_large",
  },
  {
    id: "C11",
    fault: "a body over the limit, in chunks",
    bytes: chunks(`${"100000\r\n"}${"x".repeat(0x100000)}\r\n`.repeat(2)),
    answer: "413 request_too_large",
  },
  { id: "C12", fault: "not JSON", bytes: chat("{"), answer: "400 invalid_json" },
  { id: "C12", fault: "no body", bytes: chat(""), answer: "400 invalid_json" },
  {
    id: "C12",
    fault: "another type",
    bytes: chat(QUESTION, { "content-type": "text/plain" }),
    answer: "415 unsupported_media_type",
  },
  { id: "C12", fault: "no type", bytes: chat(QUESTION, {}), answer: "415 unsupported_media_type" },
  {
    id: "C12",
    fault: "gzip",
    bytes: chat(QUESTION, { ...json, "content-encoding": "gzip" }),
    answer: "415 unsupported_media_type",
  },
  { id: "C12", fault: "not UTF-8", bytes: chat(Buffer.of(0x22, 0xff, 0x22)), answer: "400 invalid_json" },
  { id: "C13", fault: "100,000 levels", bytes: chat("[".repeat(100_000)), answer: "400 json_too_complex" },
  { id: "C13", fault: "300,000 numbers", bytes: chat(`[${"1,".repeat(300_000)}1]`), answer: "400 json_too_complex" },
  {
    id: "C14",
    fault: "__proto__ in the body",
    bytes: chat(`{"__proto__":{"model":"m"},${QUESTION.slice(1)}`),
    answer: "400 invalid_json",
  },
  {
    id: "C14",
    fault: "a header called __proto__",
    bytes: chat(QUESTION, { ...json, ["__proto__"]: "x" }),
    answer: "200",
  },
  { id: "C15", fault: "two Hosts", bytes: head("GET /v1/models HTTP/1.1", { Host: "other" }), answer: badHttp },
  { id: "C15", fault: "no Host", bytes: "GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n", answer: badHttp },
  { id: "C15", fault: "a whole URL", bytes: head("GET http://proxy/v1/models HTTP/1.1"), answer: badHttp },
  {
    id: "C15",
    fault: "a Host with a path",
    bytes: head("GET /v1/models HTTP/1.1", { host: "a.example/health?x=" }),
    answer: "403 not_allowed",
  },
  { id: "C16", fault: "two lengths", bytes: chat(QUESTION, { ...json, "Content-Length": "3" }), answer: badHttp },
  { id: "C16", fault: "a length and chunks", bytes: chunks("0\r\n\r\n", { "content-length": "5" }), answer: badHttp },
  {
    id: "C16",
    fault: "an unknown coding",
    bytes: chunks("0\r\n\r\n", { "transfer-encoding": "xchunked" }),
    answer: badHttp,
  },
  { id: "C16", fault: "bare LF between headers", bytes: "GET /v1/models HTTP/1.1\nhost: a\n\n", answer: badHttp },
  {
    id: "C16",
    fault: "LF in a chunk's extension",
    bytes: chunks(`${hex};a\nb\r\n${QUESTION}\r\n0\r\n\r\n`),
    answer: badHttp,
  },
  {
    id: "C16",
    fault: "a chunk's extension of 20 KB",
    bytes: chunks(`${hex};${"a".repeat(20_000)}\r\n${QUESTION}\r\n0\r\n\r\n`),
    answer: badHttp,
  },
  { id: "C16", fault: "a folded header", bytes: head(CHAT, { ...json, a: "b\r\n c" }), answer: badHttp },
  { id: "C16", fault: "a space before a colon", bytes: head(CHAT, { ...json, "a ": "b" }), answer: badHttp },
  { id: "C16", fault: "NUL in a header", bytes: head(CHAT, { ...json, a: "b\0c" }), answer: badHttp },
  {
    id: "C17",
    fault: "a header of 20 KB",
    bytes: head("GET /v1/models HTTP/1.1", { a: "x".repeat(20_000) }),
    answer: "431 headers_too_large",
  },
  {
    id: "C17",
    fault: "2,100 headers",
    bytes: head("GET /v1/models HTTP/1.1", Object.fromEntries(Array.from({ length: 2100 }, (_, n) => [`a${n}`, ""]))),
    answer: "431 headers_too_large",
  },
  { id: "C18", fault: "TLS", bytes: Buffer.from("16030100a5010000a10303", "hex"), answer: badHttp },
  { id: "C18", fault: "HTTP/2", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", answer: badHttp },
  { id: "C18", fault: "CONNECT", bytes: head("CONNECT a.example:443 HTTP/1.1"), answer: "0" },
  { id: "C18", fault: "TRACE", bytes: head("TRACE /v1/models HTTP/1.1"), answer: "405 method_not_allowed" },
  {
    id: "C18",
    fault: "an Upgrade",
    bytes: head("GET /v1/models HTTP/1.1", { connection: "upgrade, close", upgrade: "websocket" }),
    answer: "200",
  },
  { id: "C19", fault: "an unknown path", bytes: head("GET /v1/nothing HTTP/1.1"), answer: "404 unknown_url" },
  {
    id: "C19",
    fault: "another method",
    bytes: head("GET /v1/chat/completions HTTP/1.1"),
    answer: "405 method_not_allowed",
  },
  { id: "C19", fault: "an encoded slash", bytes: head("GET /v1%2fmodels HTTP/1.1"), answer: "404 unknown_url" },
  { id: "C19", fault: "a path that is not UTF-8", bytes: head("GET /v1/%ff HTTP/1.1"), answer: badHttp },
  { id: "C19", fault: "dots", bytes: head("GET /v1/../metrics HTTP/1.1"), answer: "404 unknown_url" },
  { id: "C23", fault: "HTTP/1.0", bytes: "GET /v1/models HTTP/1.0\r\n\r\n", answer: "200" },
  { id: "C23", fault: "connection: close", bytes: head("GET /v1/models HTTP/1.1"), answer: "200" },
];

/** C: clients that leave, do not read, or ask too much. */
export const CLIENT_ROWS = [
  {
    id: "C1",
    fault: "leaves before the first token",
    outcome: "the upstream is aborted, the slot is free, noted as `client_gone`",
  },
  {
    id: "C2",
    fault: "leaves in the middle of a stream",
    outcome: "the upstream is aborted, the slot is free, noted as `client_gone`",
  },
  { id: "C3", fault: "leaves while it waits for a slot", outcome: "the upstream never hears of it" },
  {
    id: "C4",
    fault: "leaves before a whole answer is there",
    outcome: "the upstream is aborted, the slot is free, noted as `client_gone`",
  },
  { id: "C5", fault: "sends FIN and would go on reading", outcome: "counts as having left" },
  { id: "C8", fault: "sends its headers a byte at a time", outcome: "`408 request_timeout`, closed" },
  { id: "C9", fault: "sends its body a byte at a time", outcome: "`408 request_timeout`, closed" },
  { id: "C10", fault: "sends three requests at once on one connection", outcome: "answered in order" },
  { id: "C20", fault: "has no key, or a wrong one", outcome: "`401 invalid_api_key`; no model is asked" },
  { id: "C21", fault: "asks more often than its key may", outcome: "`429 rate_limit_exceeded` with `retry-after`" },
  { id: "C22", fault: "a hundred of them ask a dead upstream at once", outcome: "at most 1.2 attempts a request" },
  { id: "C24", fault: "wants usage at the end of a stream", outcome: "the last event before `[DONE]`" },
  { id: "C25", fault: "resets the connection after the last byte", outcome: "noted as `finished`" },
  {
    id: "C26",
    fault: "200 of them ask and leave at once",
    outcome: "everything is free afterwards, and the next one is answered",
  },
] as const satisfies readonly Row[];
