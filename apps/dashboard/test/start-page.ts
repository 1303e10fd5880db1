import type { AddressInfo } from "node:net";
import { type Emulator, startEmulator } from "@llamaduct/ollama-emulator";
import { createLlamaduct, type DeploymentState } from "llamaduct";
import { pino } from "pino";
import { createApp } from "../../proxy/src/http/create-app.ts";
import { createRecent } from "../../proxy/src/observe/create-recent.ts";
import type { RequestRecord } from "../../proxy/src/observe/request-record.ts";
import { page } from "../../proxy/src/page/page.ts";

export interface PageServerOptions {
  /** The built page. */
  readonly folder: string;
  readonly masterKey?: string | undefined;
  readonly port?: number | undefined;
  readonly rootPath?: string | undefined;
}

export interface PageServer extends AsyncDisposable {
  readonly url: string;
  readonly emulator: Emulator;
  /** What the page is told of; a test puts in what it wants to see. */
  readonly states: DeploymentState[];
  record(request: RequestRecord): void;
}

/** A proxy with the page, in front of an emulator. */
export async function startPage({
  folder,
  masterKey,
  port = 0,
  rootPath = "",
}: PageServerOptions): Promise<PageServer> {
  const emulator = await startEmulator();
  const states: DeploymentState[] = [];
  const host = { baseURL: emulator.url };
  const engine = {
    ...createLlamaduct({ settings: { ollama_chat: host, ollama: host }, routing: { retries: 0 } }),
    states: () => states,
  };
  const recent = createRecent();
  const logger = pino({ level: "silent" });
  const app = createApp({ served: () => ({ engine, server: { masterKey } }), logger, rootPath, onEnd: recent.record });
  page(app, { recent, version: "1.2.3", startedAt: Date.now() - 93_784_000, folder });
  await app.listen({ port, host: "127.0.0.1" });
  // A server that listens on TCP has an address of this shape.
  const { port: taken } = app.server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${taken}${rootPath}`, emulator, states, record: recent.record },
    async [Symbol.asyncDispose]() {
      app.server.closeAllConnections();
      await app.close();
      await emulator.close();
    },
  };
}
