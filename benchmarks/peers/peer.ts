import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Ask, HttpRequest } from "../ask.ts";
import type { Contender } from "../gateways.ts";
import { type Command, GATEWAY_CPU, start } from "../processes.ts";

/** Another gateway: which version, how it is installed, started and asked. */
export interface Peer {
  readonly name: string;
  /** Pinned; or what is found on this machine, `undefined` when it is not there. */
  readonly version: string | undefined;
  /** Run once, in a folder of the peer's own outside the repository. */
  readonly install?: readonly (readonly [program: string, ...args: string[]])[] | undefined;
  /** Files that the folder has before. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  command(setting: Setting): Command;
  /** What is still to be done when it listens. */
  prepare?(url: string, upstream: string): Promise<void>;
  toRequest(ask: Ask, upstream: string): HttpRequest;
}

export interface Setting {
  /** Where it was installed. */
  readonly folder: string;
  /** `http://host:port` of the stand-in. */
  readonly upstream: string;
  readonly port: number;
  /** For what lasts as long as the run. */
  readonly directory: string;
  /** Writes a file there, and says where it is. */
  write(name: string, text: string): string;
}

const CACHE = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "llamaduct-bench");

export function toContender(peer: Peer): Contender {
  const { name, toRequest } = peer;
  return {
    name,
    async start({ upstream, directory }) {
      const folder = install(peer);
      const port = await freePort();
      const write = (file: string, text: string): string => {
        const path = join(directory, `${name}-${file}`);
        writeFileSync(path, text);
        return path;
      };
      const command = peer.command({ folder, upstream: upstream.url, port, directory, write });
      const url = `http://127.0.0.1:${port}`;
      const running = await start(GATEWAY_CPU, { ...command, url, log: join(directory, `${name}.log`) });
      await peer.prepare?.(url, upstream.url);
      return { ...running, name, toRequest: (ask) => toRequest(ask, upstream.url) };
    },
  };
}

/** Its folder. What was there stays: a version has a folder of its own. */
function install({ name, version, install = [], files = {} }: Peer): string {
  if (version === undefined) throw new Error(`${name} is not on this machine.`);
  const folder = join(CACHE, `${name}-${version}`);
  const done = join(folder, "installed");
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  for (const [program, ...args] of install)
    execFileSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  writeFileSync(done, "");
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : Number.NaN;
}
