import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import { type Emulator, startEmulator } from "@llamaduct/ollama-emulator";
import type { FastifyInstance } from "fastify";
import { createLlamaduct, type Deployment } from "llamaduct";
import OpenAI from "openai";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { createApp } from "../src/create-app.ts";

export interface ProxyOptions {
  readonly masterKey?: string | undefined;
  readonly deployments?: readonly Deployment[] | undefined;
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
export async function startProxy({ masterKey, deployments, upstream }: ProxyOptions = {}): Promise<TestProxy> {
  const emulator = await startEmulator();
  const log: string[] = [];
  const engine = createLlamaduct({ deployments, settings: { ollama_chat: { baseURL: upstream ?? emulator.url } } });
  const app = createApp({ engine, masterKey, logger: pino({ level: "warn" }, collector(log)) });
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

function collector(lines: string[]): Writable {
  return new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
}
