/** One answer on a connection. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether it was all there. */
  readonly isWhole: boolean;
}

/** The answers that a server wrote, one after the other. Throws at what is no HTTP/1.1 in its strictest form. */
export function readAnswers(bytes: Buffer): readonly HttpAnswer[] {
  const answers: HttpAnswer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\r\n\r\n", at);
    if (end < 0) throw new Error(`Half a head: ${show(bytes.subarray(at))}`);
    const { status, headers } = readHead(bytes.toString("latin1", at, end));
    const { body, next, isWhole } = readBody(bytes, end + 4, status, headers);
    answers.push({ status, headers, body, isWhole });
    at = next;
  }
  return answers;
}

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

function readHead(text: string): Head {
  const [statusLine = "", ...lines] = text.split("\r\n");
  const [, status] = /^HTTP\/1\.1 ([1-5]\d\d) [ -~]*$/.exec(statusLine) ?? [];
  if (status === undefined) throw new Error(`No status line: ${statusLine.slice(0, 200)}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t -~\x80-\xff]*)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`No header: ${JSON.stringify(line)}`);
    const key = name.toLowerCase();
    if (headers.has(key) && /^(content-length|transfer-encoding|content-type)$/.test(key))
      throw new Error(`Two headers ${key}.`);
    headers.set(key, value);
  }
  if (headers.has("content-length") && headers.has("transfer-encoding")) throw new Error("Framed twice.");
  return { status: Number(status), headers };
}

interface Body {
  readonly body: Buffer;
  readonly next: number;
  readonly isWhole: boolean;
}

function readBody(bytes: Buffer, start: number, status: number, headers: Head["headers"]): Body {
  if (status < 200 || status === 204 || status === 304) return { body: Buffer.alloc(0), next: start, isWhole: true };
  if (headers.get("transfer-encoding") === "chunked") return readChunks(bytes, start);
  const length = headers.get("content-length");
  const end = length === undefined ? bytes.length : start + Number(length);
  const isWhole = length !== undefined && end <= bytes.length;
  return { body: bytes.subarray(start, end), next: Math.min(end, bytes.length), isWhole };
}

function readChunks(bytes: Buffer, start: number): Body {
  const pieces: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const line = bytes.toString("latin1", at, lineEnd);
    if (lineEnd < 0) return { body: Buffer.concat(pieces), next: bytes.length, isWhole: false };
    if (!/^[0-9a-f]+$/i.test(line)) throw new Error(`No size of a chunk: ${JSON.stringify(line.slice(0, 100))}`);
    const size = Number.parseInt(line, 16);
    const end = lineEnd + 2 + size;
    if (end + 2 > bytes.length) return { body: Buffer.concat(pieces), next: bytes.length, isWhole: false };
    if (bytes.toString("latin1", end, end + 2) !== "\r\n") throw new Error("A chunk is longer than it says.");
    if (size === 0) return { body: Buffer.concat(pieces), next: end + 2, isWhole: true };
    pieces.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}

function show(bytes: Buffer): string {
  return JSON.stringify(bytes.toString("latin1").slice(0, 300));
}
