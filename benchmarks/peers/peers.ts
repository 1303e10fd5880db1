import { fastify } from "./fastify.ts";
import { litellm } from "./litellm.ts";
import { nginx } from "./nginx.ts";
import { ollama } from "./ollama.ts";
import type { Peer } from "./peer.ts";
import { portkey } from "./portkey.ts";

export const PEERS: readonly Peer[] = [nginx, fastify, ollama, portkey, litellm];
