import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a gateway made of the Ollama behind the relay. */
export interface Relayed {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the gateway took the whole answer, or left before its end. */
  readonly ended: Promise<"complete" | "left">;
}

export interface Relay {
  readonly url: string;
  /** Since the last `forget`. */
  readonly seen: readonly Relayed[];
  forget(): void;
  /** The next answer that generates breaks off after its third line. */
  cutNext(): void;
  /** The next answer that generates takes several seconds. */
  slowNext(): void;
  close(): void;
}

/** Stands between a gateway and its Ollama, and notes what the one asks of the other. */
export async function startRelay(target: string): Promise<Relay> {
  let seen: Relayed[] = [];
  let next: "cut" | "slow" | undefined;

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = incoming.url ?? "/";
    const ended = new Promise<"complete" | "left">((resolve) =>
      outgoing.once("close", () => resolve(outgoing.writableFinished ? "complete" : "left")),
    );
    seen.push({ path, body: toObject(body), ended });
    const mode = /^\/api\/(chat|generate)$/.test(path) ? next : undefined;
    if (mode !== undefined) next = undefined;
    const { host: _, "content-length": __, "transfer-encoding": ___, ...headers } = incoming.headers;
    const options = { method: incoming.method, headers: { ...headers, "content-length": body.length } };
    const upstream = request(new URL(path, target), options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      forward(answer, outgoing, mode).catch(() => outgoing.destroy());
    });
    upstream.on("error", () => outgoing.destroy());
    outgoing.on("close", () => upstream.destroy());
    upstream.end(body);
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // A server that listens on TCP has an address of this shape.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get seen() {
      return seen;
    },
    forget() {
      seen = [];
    },
    cutNext() {
      next = "cut";
    },
    slowNext() {
      next = "slow";
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function forward(answer: IncomingMessage, outgoing: ServerResponse, mode: "cut" | "slow" | undefined) {
  let lines = 0;
  for await (const chunk of answer) {
    outgoing.write(chunk);
    if (mode === "cut" && ++lines === 3) throw new Error("Cut.");
    if (mode === "slow") await new Promise((resolve) => setTimeout(resolve, 100));
  }
  outgoing.end();
}

function toObject(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body.toString()) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
