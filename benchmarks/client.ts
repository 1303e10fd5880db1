import { connect, type Socket } from "node:net";
import type { HttpRequest } from "./ask.ts";

export interface AnswerOptions {
  /** Whether its bytes are kept. */
  readonly keep?: boolean | undefined;
  /** Bytes to note the arrival of: `firstAt`. */
  readonly mark?: string | undefined;
}

export interface Answer {
  /** Line feeds in the body. */
  readonly lineFeeds: number;
  /** The body, when it was kept. */
  readonly body: string;
  /** When the mark was there, by `performance.now()`. */
  readonly firstAt: number | undefined;
}

// A line feed of the body has no "\r" before it, even in an HTTP chunk of its own; those of the framing have.
const LF = 10;
const CR = 13;
const END = "0\r\n\r\n";
const NOTHING = Buffer.alloc(0);

/** One connection that stays open, one request that is asked again and again. Counts, and does nothing else: what it costs is the upstream's. */
export class Client {
  readonly #origin: URL;
  readonly #request: Buffer;
  #socket: Socket | undefined;
  #answer: PromiseWithResolvers<Answer> | undefined;
  #options: AnswerOptions = {};
  #kept: Buffer[] = [];
  /** Bytes of a head that is not all there. */
  #head: Buffer | undefined;
  /** Of a body whose length is told; `undefined` in HTTP chunks. */
  #missing: number | undefined;
  #lineFeeds = 0;
  #firstAt: number | undefined;
  /** The last bytes of what came before: an end may be cut in two. */
  #tail = "";

  constructor(origin: string, { path, headers = {}, body }: HttpRequest) {
    this.#origin = new URL(origin);
    const json = JSON.stringify(body);
    const fields = { host: this.#origin.host, "content-type": "application/json", ...headers };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST ${path} HTTP/1.1\r\n${lines.join("")}content-length: ${Buffer.byteLength(json)}\r\n\r\n`;
    this.#request = Buffer.from(head + json);
  }

  /** Servers close connections that are idle while others are measured. */
  async open(): Promise<void> {
    if (this.#socket?.destroyed === false) return;
    const socket = connect({ host: this.#origin.hostname, port: Number(this.#origin.port), noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    socket.on("data", (bytes) => this.#receive(bytes));
    socket.on("close", () => this.#fail(new Error("The connection was closed in the middle of an answer.")));
    socket.on("error", (error) => this.#fail(error));
    this.#socket = socket;
  }

  /** Rejects at a status other than 200, and at an end before the end. */
  ask(options: AnswerOptions = {}): Promise<Answer> {
    if (this.#socket === undefined || this.#socket.destroyed)
      return Promise.reject(new Error("The connection was closed between two answers."));
    this.#answer = Promise.withResolvers();
    this.#options = options;
    this.#kept = [];
    this.#head = NOTHING;
    this.#missing = undefined;
    this.#lineFeeds = 0;
    this.#firstAt = undefined;
    this.#tail = "";
    this.#socket.write(this.#request);
    return this.#answer.promise;
  }

  /** As a user does that closes the window. */
  close(): void {
    this.#answer = undefined;
    this.#socket?.destroy();
  }

  #receive(bytes: Buffer): void {
    if (this.#answer === undefined) return;
    const body = this.#head === undefined ? bytes : this.#readHead(this.#head, bytes);
    if (body.length > 0) this.#readBody(body);
  }

  /** What of the bytes is body. */
  #readHead(before: Buffer, bytes: Buffer): Buffer {
    const read = before.length === 0 ? bytes : Buffer.concat([before, bytes]);
    const end = read.indexOf("\r\n\r\n") + 4;
    this.#head = end < 4 ? read : undefined;
    if (end < 4) return NOTHING;
    const head = read.toString("latin1", 0, end);
    const body = read.subarray(end);
    const length = /content-length: *(\d+)/i.exec(head)?.[1];
    this.#missing = length === undefined ? undefined : Number(length);
    if (head.startsWith("HTTP/1.1 200 ")) return body;
    this.#fail(new Error(`The answer is ${head}${body}`));
    return NOTHING;
  }

  #readBody(bytes: Buffer): void {
    const { keep = false, mark } = this.#options;
    if (keep) this.#kept.push(bytes);
    if (mark !== undefined && this.#firstAt === undefined && bytes.includes(mark)) this.#firstAt = performance.now();
    if (this.#missing !== undefined) {
      this.#missing -= bytes.length;
      if (this.#missing === 0) this.#finish();
      return;
    }
    let before = this.#tail.endsWith("\r") ? CR : undefined;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
      if ((at === 0 ? before : bytes[at - 1]) !== CR) this.#lineFeeds++;
      before = undefined;
    }
    this.#tail = (this.#tail + bytes.toString("latin1", Math.max(0, bytes.length - 5))).slice(-5);
    if (this.#tail === END) this.#finish();
  }

  #finish(): void {
    const body = Buffer.concat(this.#kept);
    this.#answer?.resolve({
      lineFeeds: this.#lineFeeds,
      firstAt: this.#firstAt,
      body: (this.#missing === undefined ? withoutChunks(body) : body).toString(),
    });
    this.#answer = undefined;
  }

  #fail(error: Error): void {
    this.#answer?.reject(error);
    this.close();
  }
}

/** A body, out of its HTTP chunks. */
function withoutChunks(chunks: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const sizeEnd = chunks.indexOf("\r\n", at);
    const size = Number.parseInt(chunks.toString("latin1", at, sizeEnd), 16);
    if (!(size > 0)) return Buffer.concat(pieces);
    pieces.push(chunks.subarray(sizeEnd + 2, sizeEnd + 2 + size));
    at = sizeEnd + 2 + size + 2;
  }
}
