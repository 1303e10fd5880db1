import { fastify } from "./fastify.ts";
import { litellm } from "./litellm.ts";
import { nginx } from "./nginx.ts";
import type { Peer } from "./peer.ts";
import { portkey } from "./portkey.ts";

export const PEERS: readonly Peer[] = [nginx, fastify, portkey, litellm];
