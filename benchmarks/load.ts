import { connect, type Socket } from "node:net";

export interface Target {
  /** `http://host:port` */
  readonly url: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: object;
  /** Line feeds in a complete answer's body. */
  readonly lineFeeds: number;
}

/** Streams that run side by side, each on a connection of its own that stays open. */
export interface Load {
  /** Asks on every connection, `times` times one after the other. Rejects at the first answer that is not whole. */
  run(times: number, options?: { readonly inspect?: ((body: string) => void) | undefined }): Promise<void>;
  close(): void;
}

export async function openLoad(target: Target, streams: number): Promise<Load> {
  const clients = await Promise.all(Array.from({ length: streams }, () => openClient(target)));
  return {
    async run(times, { inspect } = {}) {
      await Promise.all(clients.map((client) => repeat(client, times, inspect)));
    },
    close() {
      for (const client of clients) client.close();
    },
  };
}

async function repeat(client: Client, times: number, inspect: ((body: string) => void) | undefined): Promise<void> {
  for (let time = 0; time < times; time++) {
    const answer = await client.ask(inspect !== undefined);
    inspect?.(withoutChunks(answer));
  }
}

async function openClient(target: Target): Promise<Client> {
  const { hostname, port } = new URL(target.url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return new Client(socket, target);
}

// A line feed of the body has no "\r" before it, even in an HTTP chunk of its own; those of the framing have.
const LF = 10;
const CR = 13;
const ANSWER_END = "0\r\n\r\n";

/** Counts, and does nothing else: what it costs is taken from the upstream's core. */
class Client {
  readonly #socket: Socket;
  readonly #request: Buffer;
  readonly #expected: number;
  #lineFeeds = 0;
  /** The last bytes of what came before: an end may be cut in two. */
  #tail = "";
  #kept: Buffer[] | undefined;
  #answer: PromiseWithResolvers<Buffer> | undefined;

  constructor(socket: Socket, { url, path, headers = {}, body, lineFeeds }: Target) {
    this.#socket = socket;
    this.#expected = lineFeeds;
    const json = JSON.stringify(body);
    const fields = { host: new URL(url).host, "content-type": "application/json", ...headers };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST ${path} HTTP/1.1\r\n${lines.join("")}content-length: ${Buffer.byteLength(json)}\r\n\r\n`;
    this.#request = Buffer.from(head + json);
    socket.on("data", (bytes) => this.#receive(bytes));
    socket.on("close", () =>
      this.#answer?.reject(new Error(`${url} closed the connection in the middle of an answer.`)),
    );
    socket.on("error", (error) => this.#answer?.reject(error));
  }

  /** The bytes of the answer, when they are to be kept. */
  ask(keep: boolean): Promise<Buffer> {
    if (this.#socket.destroyed) return Promise.reject(new Error("The connection was closed between two answers."));
    this.#answer = Promise.withResolvers();
    this.#lineFeeds = 0;
    this.#tail = "";
    this.#kept = keep ? [] : undefined;
    this.#socket.write(this.#request);
    return this.#answer.promise;
  }

  close(): void {
    this.#answer = undefined;
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    if (this.#tail === "" && bytes.toString("latin1", 0, 13) !== "HTTP/1.1 200 ") this.#refuse(bytes);
    this.#kept?.push(bytes);
    let before = this.#tail.endsWith("\r") ? CR : undefined;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
      if ((at === 0 ? before : bytes[at - 1]) !== CR) this.#lineFeeds++;
      before = undefined;
    }
    this.#tail = (this.#tail + bytes.toString("latin1", Math.max(0, bytes.length - 5))).slice(-5);
    if (this.#tail === ANSWER_END) this.#finish();
  }

  #refuse(response: Buffer): void {
    this.#answer?.reject(new Error(`The answer is not a stream: ${response}`));
    this.close();
  }

  #finish(): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (this.#lineFeeds === this.#expected) answer?.resolve(Buffer.concat(this.#kept ?? []));
    else answer?.reject(new Error(`The answer has ${this.#lineFeeds} line feeds, not ${this.#expected}.`));
  }
}

/** The body of a whole response, out of its HTTP chunks. */
function withoutChunks(response: Buffer): string {
  const pieces: Buffer[] = [];
  let at = response.indexOf("\r\n\r\n") + 4;
  for (;;) {
    const sizeEnd = response.indexOf("\r\n", at);
    const size = Number.parseInt(response.toString("latin1", at, sizeEnd), 16);
    if (!(size > 0)) return Buffer.concat(pieces).toString("utf8");
    pieces.push(response.subarray(sizeEnd + 2, sizeEnd + 2 + size));
    at = sizeEnd + 2 + size + 2;
  }
}
