import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import { type Emulator, type OllamaVersion, startEmulator } from "@llamaduct/ollama-emulator";
import type { FastifyInstance } from "fastify";
import { createLlamaduct, DEFAULT_PROVIDERS, type Deployment } from "llamaduct";
import OpenAI from "openai";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { readConfig } from "../src/config/read-config.ts";
import { toDeployments } from "../src/config/to-deployments.ts";
import { createApp } from "../src/http/create-app.ts";
import { logFailures } from "../src/http/log-failures.ts";

export interface ProxyOptions {
  readonly masterKey?: string | undefined;
  readonly deployments?: readonly Deployment[] | undefined;
  /** A config.yaml, in place of deployments. */
  readonly config?: string | undefined;
  /** Of the emulator. */
  readonly version?: OllamaVersion | undefined;
  /** Default: an emulator of its own. */
  readonly upstream?: string | undefined;
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
}

/** The real app on a free port in front of an emulator; both end with the test. */
export async function startProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const { masterKey, upstream, version, config } = options;
  const emulator = await startEmulator({ version });
  const log: string[] = [];
  const logger = pino({ level: "warn" }, collector(log));
  const host = { baseURL: upstream ?? emulator.url };
  const engine = createLlamaduct({
    deployments: config === undefined ? options.deployments : readDeployments(config),
    settings: { ollama_chat: host, ollama: host },
    observer: logFailures(logger),
  });
  const app = createApp({ engine, masterKey, logger });
  await app.listen({ port: 0, host: "127.0.0.1" });
  onTestFinished(async () => {
    app.server.closeAllConnections();
    await app.close();
    await emulator.close();
  });
  // A server that listens on TCP has an address of this shape.
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: masterKey ?? "none", maxRetries: 0 });
  return { app, port, url, emulator, client, log };
}

function readDeployments(text: string): readonly Deployment[] {
  const { config, where } = readConfig({ path: "config.yaml", text, environment: {} });
  const providerIds = DEFAULT_PROVIDERS.map(({ id }) => id);
  const { deployments, warnings } = toDeployments(config.model_list ?? [], { providerIds, where });
  if (warnings.length > 0) throw new Error(warnings.join("\n"));
  return deployments;
}

function collector(lines: string[]): Writable {
  return new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
}
