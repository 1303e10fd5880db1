import type { FastifyRequest } from "fastify";
import type { ServerConfig } from "../../config/proxy-config.ts";
import { HttpError } from "../answer/http-error.ts";
import { type Asker, createKeyring, type Keyring, wantsKey } from "./keyring.ts";
import { readKey } from "./read-key.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who has the key that was sent. */
    asker: Asker;
  }
}

/** Finds out who asks; throws `invalid_api_key`. Only a route that says it is public is not asked about. */
export function createAuthenticator(): (request: FastifyRequest) => void {
  const keyrings = new WeakMap<ServerConfig, Keyring>();
  function keyringOf(server: ServerConfig): Keyring {
    const keyring = keyrings.get(server) ?? createKeyring(server);
    keyrings.set(server, keyring);
    return keyring;
  }

  return (request) => {
    const { server } = request.served;
    request.asker = NOBODY;
    if (!wantsKey(server) || request.routeOptions.config.access === "public") return;
    const key = readKey(request.headers, server.keyHeader);
    if (key === undefined) throw refused(`Send the proxy's key as \`${whereToSend(server)}\`.`);
    const asker = keyringOf(server).find(key);
    if (asker === undefined) throw refused("The key is not one of this proxy's.");
    const { expiresAt = Number.POSITIVE_INFINITY } = asker.key ?? {};
    if (expiresAt <= Date.now()) throw refused("The key has expired.");
    request.asker = asker;
  };
}

const NOBODY: Asker = { name: undefined };

function whereToSend({ keyHeader = "Authorization" }: ServerConfig): string {
  return `${keyHeader}: Bearer …`;
}

function refused(message: string): HttpError {
  return new HttpError("invalid_api_key", message, { headers: { "www-authenticate": "Bearer" } });
}
