import type { AddressInfo } from "node:net";
import type { ServerConfig } from "../../apps/proxy/src/config/proxy-config.ts";
import { createApp } from "../../apps/proxy/src/http/create-app.ts";
import type { RequestRecord } from "../../apps/proxy/src/observe/request-record.ts";
import { createLogger } from "../../apps/proxy/src/serve/create-logger.ts";
import { createLlamaduct, type Llamaduct, type LlamaductOptions } from "../../packages/llamaduct/src/index.ts";

export interface GatewayOptions extends LlamaductOptions {
  /** Base URLs; each is a deployment of the model `m`, a later tier than the one before, and has slots. */
  readonly upstreams: readonly string[];
  /** Of each. Default: 1. */
  readonly slots?: number | undefined;
  readonly server?: ServerConfig | undefined;
}

/** The library and the proxy around it, on a port. */
export interface Gateway extends AsyncDisposable {
  readonly engine: Llamaduct;
  readonly app: ReturnType<typeof createApp>;
  readonly url: string;
  readonly port: number;
  /** Of the requests that are over. */
  readonly records: readonly RequestRecord[];
  /** Lines of the log, except those that every request leaves. */
  readonly log: readonly string[];
  /** The app's. */
  readonly ending: AbortController;
}

export async function startGateway({
  upstreams,
  slots = 1,
  server = {},
  routing,
  ...options
}: GatewayOptions): Promise<Gateway> {
  const engine = createLlamaduct({
    deployments: upstreams.map((baseURL, index) => ({
      id: String(index),
      name: "m",
      model: "ollama_chat/plain",
      settings: { baseURL },
      routing: { maxParallelRequests: slots, order: index + 1 },
    })),
    // Unwatched: what an upstream is asked is what a test has asked.
    routing: { status: { intervalMs: 0 }, ...routing },
    ...options,
  });
  const records: RequestRecord[] = [];
  const log: string[] = [];
  const ending = new AbortController();
  const app = createApp({
    served: () => ({ engine, server }),
    logger: createLogger({
      detail: "none",
      environment: {},
      isTerminal: false,
      write: (line) => void (line.includes('"level":30') || log.push(line)),
    }),
    ending: ending.signal,
    onEnd: (record) => void records.push(record),
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  // A server that listens on TCP has an address of this shape.
  const { port } = app.server.address() as AddressInfo;
  return {
    engine,
    app,
    url: `http://127.0.0.1:${port}`,
    port,
    records,
    log,
    ending,
    async [Symbol.asyncDispose]() {
      app.server.closeAllConnections();
      await app.close();
      engine.close();
    },
  };
}
