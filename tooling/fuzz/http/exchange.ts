import { connect } from "node:net";

/** What came back, and whether the client had said that it is done before the server closed. */
export interface Exchange {
  readonly received: Buffer;
  readonly leftEarly: boolean;
}

/** A server that has nothing to say for so long has said what it will: the rest of the request is not coming. */
const QUIET_MS = 25;
const HANGS_MS = 10_000;

/**
 * Sends pieces as they are, then nothing, then the end of what it sends. Gives what came until the server closed; rejects
 * when it does not.
 */
export function exchange(port: number, pieces: readonly Uint8Array[]): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    let leftEarly = false;
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const quiet = setTimeout(() => {
      leftEarly = true;
      socket.end();
    }, QUIET_MS);
    const hangs = setTimeout(() => {
      reject(new Error(`It neither answers nor closes in ${HANGS_MS} ms.`));
      socket.destroy();
    }, HANGS_MS);
    socket.on("data", (bytes) => {
      received.push(bytes);
      quiet.refresh();
    });
    // The server may close while pieces are still on their way; what it had to say has been received then, or was nothing.
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.end());
    socket.on("close", () => {
      clearTimeout(quiet);
      clearTimeout(hangs);
      resolve({ received: Buffer.concat(received), leftEarly });
    });
    for (const piece of pieces) socket.write(piece);
  });
}
