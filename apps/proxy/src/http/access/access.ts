import type { FastifyInstance } from "fastify";

/** Who may call a route. `key`: whoever has one of the proxy's keys, when it has any. */
export type Access = "key" | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    readonly access?: Access;
    /** Counts against the limits of the key that asks. */
    readonly limited?: boolean;
    /** Asked every few seconds by what looks after the proxy: not worth a line or a trace as long as it is well. */
    readonly frequent?: boolean;
  }
}

/** A route that does not say who may call it cannot be registered from here on. */
export function requireAccess(app: FastifyInstance): void {
  app.addHook("onRoute", ({ url, method, config }) => {
    if (config?.access === undefined) throw new Error(`The route ${method} ${url} declares no access.`);
  });
}
