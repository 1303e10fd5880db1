import type { Llamaduct } from "llamaduct";
import type { ServerConfig } from "../config/proxy-config.ts";

/** What is served at one moment. A reload puts another one in its place; requests keep the one they began with. */
export interface Served {
  readonly engine: Llamaduct;
  readonly server: ServerConfig;
}

declare module "fastify" {
  interface FastifyInstance {
    /** Aborts when answers must come to an end. */
    readonly ending: AbortSignal | undefined;
  }
  interface FastifyRequest {
    /** What was served when the request arrived. */
    served: Served;
  }
}
