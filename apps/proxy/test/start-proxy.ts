import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { type Emulator, type OllamaVersion, startEmulator } from "@llamaduct/ollama-emulator";
import type { FastifyInstance } from "fastify";
import { createLlamaduct, type Deployment, type Llamaduct, type LlamaductOptions } from "llamaduct";
import OpenAI from "openai";
import { type Level, pino } from "pino";
import { expect, onTestFinished } from "vitest";
import type { ServerConfig } from "../src/config/proxy-config.ts";
import { type AppOptions, createApp } from "../src/http/create-app.ts";
import type { Served } from "../src/http/served.ts";
import type { RequestRecord } from "../src/observe/request-record.ts";

export interface ProxyOptions {
  readonly masterKey?: string | undefined;
  readonly server?: ServerConfig | undefined;
  readonly deployments?: readonly Deployment[] | undefined;
  /** A config.yaml, in place of deployments. */
  readonly config?: string | undefined;
  /** Of the emulator. */
  readonly version?: OllamaVersion | undefined;
  /** Default: an emulator of its own. */
  readonly upstream?: string | undefined;
  /** Default: "warn". */
  readonly logLevel?: Level | undefined;
  readonly app?: Pick<AppOptions, "limits" | "rootPath" | "trace"> | undefined;
  /** Stands around the engine. */
  readonly wrap?: ((engine: Llamaduct) => Llamaduct) | undefined;
}

export interface TestProxy {
  readonly app: FastifyInstance;
  readonly port: number;
  readonly url: string;
  readonly emulator: Emulator;
  /** Never retries, so that a test sees every answer. */
  readonly client: OpenAI;
  /** Lines of the log. */
  readonly log: readonly string[];
  /** Of the requests that are over. */
  readonly records: readonly RequestRecord[];
  /** Serves something else from now on. */
  serve(next: Partial<Served>): void;
}

/** A machine that is busy with other tests turns nobody away. */
const UNHURRIED = { delayMs: Number.POSITIVE_INFINITY };

/** The real app on a free port in front of an emulator; both end with the test, and then no key may stand anywhere. */
export async function startProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const { masterKey, upstream, version, config, deployments, wrap = (engine) => engine } = options;
  const emulator = await startEmulator({ version });
  const log: string[] = [];
  const records: RequestRecord[] = [];
  const logger = pino({ level: options.logLevel ?? "warn" }, collector(log));
  const host = { baseURL: upstream ?? emulator.url };
  const loaded = config === undefined ? { engine: { deployments }, server: { masterKey } } : await load(config);
  // Unwatched: what the emulator is asked is what a test has asked.
  const routing = { status: { intervalMs: 0 }, ...loaded.engine.routing };
  const engine = createLlamaduct({ ...loaded.engine, routing, settings: { ollama_chat: host, ollama: host } });
  let served: Served = { engine: wrap(engine), server: { overload: UNHURRIED, ...loaded.server, ...options.server } };
  const onEnd = (record: RequestRecord) => void records.push(record);
  const app = createApp({ served: () => served, logger, onEnd, ...options.app });
  const sent: string[] = [];
  app.addHook("onSend", async (_, reply, payload) => {
    sent.push(JSON.stringify(reply.getHeaders()), String(payload));
    return payload;
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  onTestFinished(async () => {
    app.server.closeAllConnections();
    await app.close();
    engine.close();
    await emulator.close();
    const keys = [
      served.server.masterKey,
      ...(loaded.engine.deployments ?? []).map(({ settings }) => settings?.apiKey),
    ];
    // T25: no test of the proxy has to think of it.
    const everything = [...log, ...sent, JSON.stringify(records)].join("\n");
    for (const key of keys) if (key !== undefined && key.length > 5) expect(everything).not.toContain(key);
  });
  // A server that listens on TCP has an address of this shape.
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: masterKey ?? "none", maxRetries: 0 });
  const serve = (next: Partial<Served>) => {
    served = { ...served, ...next };
  };
  return { app, port, url, emulator, client, log, records, serve };
}

async function load(text: string): Promise<{ readonly engine: LlamaductOptions; readonly server: ServerConfig }> {
  const { loadConfig } = await import("../src/config/load-config.ts");
  const folder = await mkdtemp(join(tmpdir(), "llamaduct-proxy-"));
  try {
    await writeFile(join(folder, "config.yaml"), text);
    return await loadConfig({ path: join(folder, "config.yaml"), environment: {} });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function collector(lines: string[]): Writable {
  return new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
}
