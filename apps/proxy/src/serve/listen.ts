import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { StartError } from "../cli/start-error.ts";
import { HttpError } from "../http/answer/http-error.ts";

export const DEFAULT_PORT = 4000;

/** Listens, or throws a `StartError` that names the fix: another port than the one asked for would serve nobody. */
export async function listen(app: FastifyInstance, host: string, port: number = DEFAULT_PORT): Promise<AddressInfo> {
  const { level } = app.log;
  try {
    // Its own lines about it would only repeat the banner.
    app.log.level = "warn";
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new StartError(
        `Port ${port} is in use. Choose another with --port, or find who has it: lsof -i :${port} -sTCP:LISTEN`,
      );
    if (code === "EACCES") throw new StartError(`Port ${port} needs more rights. Choose one above 1023 with --port.`);
    throw new StartError(`Cannot listen on ${host}, port ${port}: ${code}.`);
  } finally {
    app.log.level = level;
  }
  // A server that listens on TCP has an address of this shape.
  return app.server.address() as AddressInfo;
}

export interface DrainOptions {
  /** How long answers have to end by themselves. */
  readonly patienceMs: number;
  /** The app's `ending`. */
  readonly ending: AbortController;
}

/** For the last events of those who read along. */
const FAREWELL_MS = 1_000;

/**
 * Answers may end, and what is left of them then ends with an error. Idle connections, and those that become idle
 * meanwhile, would hold it up for over a minute.
 */
export async function drain(app: FastifyInstance, { patienceMs, ending }: DrainOptions): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), 100);
  const headers = { connection: "close" };
  const shutDown = new HttpError("server_shutting_down", "The proxy was shut down before this answer ended.", {
    headers,
  });
  const end = setTimeout(() => ending.abort(shutDown), patienceMs);
  const cut = setTimeout(() => app.server.closeAllConnections(), patienceMs + FAREWELL_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(end);
    clearTimeout(cut);
  }
}
