// A stand-in for an Ollama server that costs next to nothing: a bare socket and bytes made beforehand. The model's name
// chooses how it answers `POST /api/chat`; `/api/tags` lists the names.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { toLines } from "./answer.ts";

type Play = (socket: Socket) => void;

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";
const END = "0\r\n\r\n";

const MODELS: ReadonlyMap<string, Play> = new Map([
  ["burst-500", allAtOnce("burst-500")],
  ["line-500", lineByLine("line-500")],
]);

/** A backlog: everything in one write, still one HTTP chunk per line as Ollama frames it. */
function allAtOnce(model: string): Play {
  const bytes = Buffer.from(HEAD + toLines(model).map(toHttpChunk).join("") + END);
  return (socket) => void socket.write(bytes);
}

/** One write per line; streams take turns, one line each per turn of the event loop. */
function lineByLine(model: string): Play {
  const writes = [HEAD, ...toLines(model).map(toHttpChunk), END].map((text) => Buffer.from(text));
  return (socket) => {
    let next = 0;
    const step = (): void => {
      const bytes = writes[next++];
      if (bytes === undefined || socket.destroyed) return;
      if (socket.write(bytes)) setImmediate(step);
      else socket.once("drain", step);
    };
    step();
  };
}

function toHttpChunk(line: string): string {
  return `${Buffer.byteLength(line).toString(16)}\r\n${line}\r\n`;
}

const TAGS = JSON.stringify({
  models: [...MODELS.keys()].map((name) => ({ name, model: name, modified_at: "2026-11-22T10:00:00Z", size: 1 })),
});

/** One request at a time per connection, which is all that a client of a streaming server ever sends. */
function serve(socket: Socket): void {
  let received = "";
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    received += bytes.toString("latin1");
    const headEnd = received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(received)?.[1] ?? 0);
    if (received.length < headEnd + 4 + length) return;
    const request = received;
    received = "";
    answer(socket, request);
  });
}

function answer(socket: Socket, request: string): void {
  const play = MODELS.get(/"model": *"([^"]+)"/.exec(request)?.[1] ?? "");
  if (request.startsWith("POST /api/chat ") && play !== undefined) play(socket);
  else if (request.startsWith("GET /api/tags ")) socket.write(whole("200 OK", TAGS));
  else socket.write(whole("404 Not Found", '{"error":"not found"}'));
}

function whole(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const server = createServer(serve);
// A server that listens on TCP has an address of this shape.
server.listen(0, "127.0.0.1", () =>
  console.log(`upstream listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
