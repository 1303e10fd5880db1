import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { heldRequests, openDescriptors, residentMb, settled } from "../proxy-process.ts";
import { type Bound, between, most } from "./bounds.ts";
import { KEY, startGateway } from "./gateway.ts";
import { startStandIn } from "./stand-in.ts";

export interface StreamsResult {
  readonly streams: number;
  /** MB: without any, held, and after all clients left. */
  readonly rss: { readonly idle: number; readonly held: number; readonly after: number };
  readonly bounds: readonly Bound[];
}

const STREAMS = 2000;
/** Connections that are made at a time. */
const AT_A_TIME = 50;
/** A token a second each. */
const HOLD_MS = 15_000;

/** So many answers under way at once, a token a second each; then all clients leave. */
export async function streams(debugPort: number): Promise<StreamsResult> {
  const upstream = await startStandIn();
  const gateway = await startGateway([upstream.url], debugPort);
  const [idle, descriptors] = [residentMb(gateway.pid), openDescriptors(gateway.pid)];
  const clients: Client[] = [];
  while (clients.length < STREAMS) {
    const more = Array.from({ length: AT_A_TIME }, () => openStream(gateway.port));
    clients.push(...(await Promise.all(more)));
  }
  await sleep(HOLD_MS);
  const held = residentMb(gateway.pid);
  const before = clients.map(({ received }) => received());
  await sleep(5_000);
  const moving = clients.filter(({ received }, index) => received() > (before[index] ?? 0)).length;
  for (const { socket } of clients) socket.destroy();
  const left = await settled(
    () => heldRequests(gateway.url, KEY),
    (count) => count === 0,
  );
  const open = await settled(
    () => upstream.connections(),
    (count) => count <= 5,
  );
  const more = await settled(
    () => openDescriptors(gateway.pid) - descriptors,
    (count) => count <= 5,
  );
  const after = (await gateway.inspector.memory()).rss / 2 ** 20;
  await gateway.stop();
  await upstream.close();
  return {
    streams: STREAMS,
    rss: { idle: Math.round(idle), held: Math.round(held), after: Math.round(after) },
    bounds: [
      between("streams that go on", moving, STREAMS, STREAMS),
      most("RSS with all of them, MB", held, 400),
      most("requests still held after all clients left", left, 0),
      most("upstream connections still open", open, 5),
      most("descriptors more than before", more, 5),
    ],
  };
}

interface Client {
  readonly socket: Socket;
  /** Bytes so far. */
  readonly received: () => number;
}

function openStream(port: number): Promise<Client> {
  const body = JSON.stringify({ model: "endless", messages: [{ role: "user", content: "hi" }], stream: true });
  const head = [
    "POST /v1/chat/completions HTTP/1.1",
    "host: proxy",
    `authorization: Bearer ${KEY}`,
    "content-type: application/json",
    `content-length: ${body.length}`,
  ];
  return new Promise((resolve, reject) => {
    let received = 0;
    const socket = connect(port, "127.0.0.1");
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      if (received === 0 && !bytes.toString("latin1").startsWith("HTTP/1.1 200 ")) reject(new Error(bytes.toString()));
      received += bytes.length;
      resolve({ socket, received: () => received });
    });
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  });
}
