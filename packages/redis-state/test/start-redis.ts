import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** Whether this machine has a `redis-server`; tests that need one are skipped where it has none. */
export const HAS_REDIS: boolean = spawnSync("redis-server", ["--version"]).error === undefined;

export interface TestRedis {
  readonly url: string;
  /** Empty and on the same port, after `kill`. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** It takes connections and answers nothing. */
  freeze(): void;
  thaw(): void;
}

/** A real server on a port that was free; ends with the test. */
export async function startRedis(...args: readonly string[]): Promise<TestRedis> {
  const redis = await placeForRedis(...args);
  await redis.start();
  return redis;
}

/** The same, not yet started. */
export async function placeForRedis(...args: readonly string[]): Promise<TestRedis> {
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  onTestFinished(kill);

  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async start() {
      const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", ...args];
      const server = spawn("redis-server", options, { stdio: ["ignore", "pipe", "inherit"] });
      child = server;
      const said: string[] = [];
      for await (const line of createInterface(server.stdout)) {
        said.push(line);
        if (line.includes("Ready to accept connections")) {
          server.stdout.resume();
          return;
        }
      }
      throw new Error(`redis-server ended:\n${said.join("\n")}`);
    },
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address of this shape.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
