// A stand-in for an Ollama server that costs next to nothing: a bare socket and bytes made beforehand. The model's name
// (models.ts) chooses how it answers. `/stats` tells how many streams are open, and when each that broke off was closed.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { MODELS, modelOf } from "./models.ts";
import { toEmbeddings, toStream, toWhole, type Wire } from "./to-answer.ts";

/** Streams whose end has not been written. */
const open = new Set<Socket>();
/** When a connection was closed whose stream was open, milliseconds since 1970. */
let closed: number[] = [];

const END = Buffer.from("0\r\n\r\n");

/** What is written for one answer, in order. */
const writes = new Map<string, readonly Buffer[]>();

function writesOf(model: string, wire: Wire): readonly Buffer[] {
  return remembered(`stream ${wire} ${model}`, () => {
    const { contentType, pieces } = toStream(model, wire);
    const head = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\ntransfer-encoding: chunked\r\n\r\n`);
    const chunks = pieces.map((piece) => Buffer.from(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`));
    // Ollama sends its head with the first line.
    const [first = END, ...rest] = chunks;
    const all = [Buffer.concat([head, first]), ...rest, END];
    return modelOf(model).pace === "burst" ? [Buffer.concat(all)] : all;
  });
}

function remembered(key: string, make: () => readonly Buffer[]): readonly Buffer[] {
  const known = writes.get(key) ?? make();
  writes.set(key, known);
  return known;
}

/** All at once, a line each turn of the event loop, or a line each so many milliseconds. */
function play(socket: Socket, model: string, wire: Wire): void {
  const { pace } = modelOf(model);
  const all = writesOf(model, wire);
  let next = 0;
  open.add(socket);
  const write = (): boolean => {
    const isRoomLeft = socket.write(all[next++] ?? END);
    if (next === all.length) open.delete(socket);
    return isRoomLeft;
  };
  const step = (): void => {
    if (next === all.length || socket.destroyed) return;
    if (write()) setImmediate(step);
    else socket.once("drain", step);
  };
  if (typeof pace === "string") {
    step();
    return;
  }
  write();
  setTimeout(() => {
    const timer = setInterval(() => {
      if (socket.destroyed || next === all.length) clearInterval(timer);
      else write();
    }, pace);
  }, phase(pace));
}

let streams = 0;

/** Streams do not run in step: where in its period the next one begins. */
function phase(period: number): number {
  streams += 1;
  return (streams * 0.618 * period) % period;
}

/** One request at a time per connection, which is all that a client of a streaming server ever sends. */
function serve(socket: Socket): void {
  let received: Buffer[] = [];
  let missing = Number.POSITIVE_INFINITY;
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    if (open.delete(socket)) closed.push(Date.now());
  });
  socket.on("data", (bytes) => {
    received.push(bytes);
    missing = missing === Number.POSITIVE_INFINITY ? missingBytes(received) : missing - bytes.length;
    if (missing > 0) return;
    const request = received;
    received = [];
    missing = Number.POSITIVE_INFINITY;
    answer(socket, request);
  });
}

/** Infinity until the head is there. */
function missingBytes(received: readonly Buffer[]): number {
  const bytes = Buffer.concat(received);
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return Number.POSITIVE_INFINITY;
  const length = Number(/content-length: *(\d+)/i.exec(bytes.toString("latin1", 0, headEnd))?.[1] ?? 0);
  return headEnd + 4 + length - bytes.length;
}

/** Both ends of a request: what is asked for stands before a long prompt or behind it. */
const ENDS = 1000;

function answer(socket: Socket, request: readonly Buffer[]): void {
  const [first = END, last = END] = [request[0], request.at(-1)];
  const ends = `${first.toString("latin1", 0, ENDS)} ${last.toString("latin1", Math.max(0, last.length - ENDS))}`;
  const path = ends.split(" ", 2)[1] ?? "";
  const model = /"model": *"([^"]+)"/.exec(ends)?.[1] ?? "";
  const wire = path.startsWith("/v1/") ? "openai" : "ollama";
  const isChat = path === "/api/chat" || path === "/v1/chat/completions";
  // Ollama's API streams unless told otherwise, OpenAI's the other way round.
  const isStreamed = wire === "ollama" ? !/"stream": *false/.test(ends) : /"stream": *true/.test(ends);
  if (isChat && isStreamed && model in MODELS) play(socket, model, wire);
  else
    for (const bytes of isChat && model in MODELS ? whole(model, wire) : other(path, model, wire)) socket.write(bytes);
}

function whole(model: string, wire: Wire): readonly Buffer[] {
  return remembered(`whole ${wire} ${model}`, () => [toHttp(toWhole(model, wire).pieces.join(""))]);
}

function other(path: string, model: string, wire: Wire): readonly Buffer[] {
  if (path === "/stats") return [toHttp(stats())];
  if (path === "/api/tags") return [toHttp(TAGS)];
  if (path === "/api/version") return [toHttp('{"version":"0.33.0"}')];
  if (path === "/api/ps") return [toHttp('{"models":[]}')];
  if (path === "/api/show" && model in MODELS) return [toHttp(shown(model))];
  if (path === "/api/embed" || path === "/v1/embeddings")
    return remembered(path, () => [toHttp(toEmbeddings(model, wire).pieces.join(""))]);
  return [toHttp('{"error":"not found"}', "404 Not Found")];
}

function toHttp(json: string, status = "200 OK"): Buffer {
  const length = Buffer.byteLength(json);
  return Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${json}`,
  );
}

const DETAILS = {
  format: "gguf",
  family: "llama",
  families: ["llama"],
  parameter_size: "1B",
  quantization_level: "Q8_0",
};

const TAGS = JSON.stringify({
  models: Object.entries(MODELS).map(([name, { capabilities }]) => ({
    name: `${name}:latest`,
    model: `${name}:latest`,
    modified_at: "2026-11-22T10:00:00Z",
    size: 1,
    digest: "0",
    details: DETAILS,
    capabilities,
  })),
});

function shown(model: string): string {
  const { capabilities } = modelOf(model);
  const model_info = { "general.architecture": "llama", "llama.context_length": 131_072 };
  return JSON.stringify({ template: "{{ .Prompt }}", details: DETAILS, model_info, capabilities });
}

/** And forgets what it has told. */
function stats(): string {
  const told = JSON.stringify({ open: open.size, closed });
  closed = [];
  return told;
}

const server = createServer(serve);
// A server that listens on TCP has an address of this shape.
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () =>
  console.log(`upstream listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
