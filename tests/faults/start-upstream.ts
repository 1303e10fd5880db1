import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { type Emulator, startEmulator } from "../../packages/ollama-emulator/src/index.ts";
import type { UpstreamRow } from "./upstream-row.ts";

export interface Upstream extends AsyncDisposable {
  readonly url: string;
  /** `undefined`: something else is there. */
  readonly emulator: Emulator | undefined;
}

/** What a row wants, `times` over. */
export async function startUpstream({ upstream }: UpstreamRow, times: number): Promise<Upstream> {
  if ("instead" in upstream) return startInstead(upstream.instead);
  const emulator = await startEmulator();
  emulator.enqueue({ ...upstream, times });
  return { url: emulator.url, emulator, [Symbol.asyncDispose]: emulator.close };
}

async function startInstead(instead: string): Promise<Upstream> {
  if (instead === "no-such-name") return at("http://no-such-host.invalid:11434", async () => {});
  const sockets = new Set<Socket>();
  const server = instead === "self-signed" ? createTlsServer(certificate()) : createServer();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (instead === "no-tls") socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address of this shape.
  const { port } = server.address() as AddressInfo;
  if (instead === "nobody") await close(server, sockets);
  return at(`${instead === "nobody" ? "http" : "https"}://127.0.0.1:${port}`, () => close(server, sockets));
}

function at(url: string, close: () => Promise<void>): Upstream {
  return { url, emulator: undefined, [Symbol.asyncDispose]: close };
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

let made: { readonly cert: Buffer; readonly key: Buffer } | undefined;

/** Nobody's but its own. */
function certificate(): { readonly cert: Buffer; readonly key: Buffer } {
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), "llamaduct-faults-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-days", "1"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  made = { cert: readFileSync(cert), key: readFileSync(key) };
  rmSync(folder, { recursive: true });
  return made;
}
