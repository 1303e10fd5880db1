import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { HttpError } from "../answer/http-error.ts";
import { hook } from "./hook.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** This proxy in `Via` headers. */
    readonly hop: string;
  }
}

/** A name that no other proxy has. */
export function newHop(): string {
  return `1.1 llamaduct-${randomBytes(8).toString("hex")}`;
}

/** Turns away what this proxy itself has passed on, directly or through others (RFC 9110 §7.6.3). */
export function refuseLoops(app: FastifyInstance, hop: string): void {
  app.decorate("hop", hop);
  app.addHook(
    "onRequest",
    hook(({ headers: { via } }) => {
      if (via?.includes(hop)) throw new HttpError("proxy_loop", LOOP);
    }),
  );
}

/** What upstreams are told of the way that a request has come. */
export function via({ headers, server }: Pick<FastifyRequest, "headers" | "server">): string {
  // What a client has there goes on as it is, unless HTTP could not carry it.
  return headers.via !== undefined && /^[ -~]+$/.test(headers.via) ? `${headers.via}, ${server.hop}` : server.hop;
}

export const LOOP =
  "The request goes in circles: the address of a deployment leads back to a proxy that has passed it on.";
