import { type ChildProcess, spawn } from "node:child_process";
import type { Relay } from "./relay.ts";

export const KEY = "sk-compare-8d1f0b7c5e";

/** A gateway under comparison, as a client reaches it. */
export interface Gateway {
  readonly url: string;
  readonly relay: Relay;
  fetch(path: string, body?: object | string, init?: RequestInit): Promise<Response>;
}

export interface Started {
  readonly gateway: Gateway;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly command: readonly [string, ...string[]];
  readonly port: number;
  readonly relay: Relay;
}

const PATIENCE_MS = 120_000;

/** Starts it and waits until it answers. */
export async function startGateway({ command: [program, ...args], port, relay }: StartOptions): Promise<Started> {
  const env = { ...process.env, OLLAMA_API_BASE: relay.url, LITELLM_MASTER_KEY: KEY };
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (text: Buffer) => {
    complaints = (complaints + text.toString()).slice(-4000);
  });
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + PATIENCE_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${program} does not start.\n${complaints}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    gateway: { url, relay, fetch: (path, body, init) => send(url + path, body, init) },
    stop: () => stop(child),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/liveliness`)).ok;
  } catch {
    return false; // Not yet.
  }
}

function send(url: string, body: object | string | undefined, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...init.headers };
  const sent = typeof body === "object" ? JSON.stringify(body) : body;
  const timeout = AbortSignal.timeout(60_000);
  return fetch(url, {
    ...(sent !== undefined && { method: "POST", body: sent }),
    ...init,
    headers,
    signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await gone;
  clearTimeout(killer);
}
