import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { toOpenAi } from "../ask.ts";
import type { Peer } from "./peer.ts";

/** What one writes in an afternoon: see the server. No key, no log, no metrics, no limits. */
export const fastify: Peer = {
  name: "fastify",
  version: createRequire(import.meta.url)("fastify/package.json").version,
  command: ({ upstream, port }) => ({
    program: process.execPath,
    args: [fileURLToPath(new URL("fastify-server.ts", import.meta.url)), upstream, String(port)],
  }),
  toRequest: toOpenAi,
};
