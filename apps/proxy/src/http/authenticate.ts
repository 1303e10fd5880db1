import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { HttpError } from "./http-error.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Answers without a key. Routes that do not say so want one. */
    readonly public?: boolean;
  }
}

/** Checks a request's key; throws `invalid_api_key`. Without a master key every request may pass. */
export function createAuthenticator(masterKey: string | undefined): (request: FastifyRequest) => Promise<void> {
  const expected = masterKey === undefined ? undefined : digest(masterKey);
  return async (request) => {
    if (expected === undefined || request.routeOptions.config.public === true) return;
    const key = bearer(request.headers.authorization);
    if (key === undefined) throw refused("Send the proxy's key as `Authorization: Bearer …`.");
    // Digests, since the comparison wants equal lengths and must not tell by its time how much of a key is right.
    if (!timingSafeEqual(digest(key), expected)) throw refused("The key is not one of this proxy's.");
  };
}

function bearer(header: string | undefined): string | undefined {
  const [scheme, key, ...rest] = (header ?? "").trim().split(/ +/);
  return scheme?.toLowerCase() === "bearer" && rest.length === 0 ? key : undefined;
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

function refused(message: string): HttpError {
  return new HttpError("invalid_api_key", message, { "www-authenticate": "Bearer" });
}
