import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface Relay {
  readonly url: string;
  /** How many there have been. */
  connections(): number;
  /** The connections there are stay open, and nothing passes. */
  swallow(): void;
}

/** Stands before a Redis, until the test ends. */
export async function startRelay(port: number): Promise<Relay> {
  const sockets: Socket[] = [];
  const server = createServer((inner) => {
    const outer = connect(port, "127.0.0.1");
    for (const socket of [inner, outer]) socket.on("error", () => socket.destroy());
    inner.pipe(outer).pipe(inner);
    sockets.push(inner, outer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // A server that listens on TCP has an address of this shape.
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${own}`,
    connections: () => sockets.length / 2,
    swallow() {
      for (const socket of sockets) socket.unpipe().resume();
    },
  };
}
