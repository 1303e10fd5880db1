import { connect } from "node:net";

/** What one HTTP exchange looked like on the socket. */
export interface RawAnswer {
  /** 0 when not even the headers came. */
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The whole HTTP chunks; of a body with a length, what came of it, as one. */
  readonly chunks: readonly string[];
  /** Bytes of a chunk that was announced longer, and the length that was announced. */
  readonly torn: { readonly announced: number; readonly came: string } | undefined;
  /** `complete`: as the framing promised; `closed`: FIN before that; `reset`: RST. */
  readonly ended: "complete" | "closed" | "reset";
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** One request over a socket of its own, read until the server closes it. Decodes the framing by hand. */
export function rawExchange(url: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let reset = false;
    const socket = connect(Number(port), hostname);
    socket.on("data", (part) => parts.push(part));
    socket.on("error", () => {
      reset = true;
    });
    socket.on("close", () => resolve(decode(Buffer.concat(parts), reset)));
    const fields = { Host: host, Connection: "close", ...headers };
    const length = body === undefined ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
    const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method} ${path} HTTP/1.1\r\n${head.join("")}${length}\r\n${body ?? ""}`);
  });
}

function decode(bytes: Buffer, reset: boolean): RawAnswer {
  const broken = reset ? "reset" : "closed";
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd === -1) return { status: 0, headers: new Map(), chunks: [], torn: undefined, ended: broken };
  const [statusLine = "", ...lines] = bytes.subarray(0, headEnd).toString().split("\r\n");
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number(statusLine.split(" ")[1]);
  const body = bytes.subarray(headEnd + 4);
  if (headers.get("transfer-encoding") !== "chunked") {
    const complete = body.length === Number(headers.get("content-length"));
    const chunks = body.length === 0 ? [] : [body.toString()];
    return { status, headers, chunks, torn: undefined, ended: complete ? "complete" : broken };
  }
  const chunks: string[] = [];
  let at = 0;
  while (at < body.length) {
    const lineEnd = body.indexOf("\r\n", at);
    const announced = Number.parseInt(body.subarray(at, lineEnd).toString(), 16);
    const from = lineEnd + 2;
    if (announced === 0) return { status, headers, chunks, torn: undefined, ended: "complete" };
    const came = body.subarray(from, from + announced).toString();
    if (from + announced + 2 > body.length) {
      return { status, headers, chunks, torn: { announced, came }, ended: broken };
    }
    chunks.push(came);
    at = from + announced + 2;
  }
  return { status, headers, chunks, torn: undefined, ended: broken };
}
