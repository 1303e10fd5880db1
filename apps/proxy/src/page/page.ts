import type { FastifyInstance } from "fastify";
import { mayUse } from "../http/access/may-use.ts";
import type { Recent } from "../observe/create-recent.ts";
import { builtPage, readPageFiles } from "./page-files.ts";
import type { Status } from "./status.ts";

export interface PageOptions {
  readonly recent: Recent;
  /** Of the proxy. */
  readonly version: string;
  /** When the proxy started, milliseconds since 1970. */
  readonly startedAt: number;
  /** Where the built page is. Default: in this package's own build. */
  readonly folder?: string | undefined;
}

/** The page for people at `/`, which is public and knows nothing, and what it shows, which wants a key. */
export function page(app: FastifyInstance, { recent, version, startedAt, folder = builtPage() }: PageOptions): void {
  for (const { url, bytes, gzipped, headers } of readPageFiles(folder))
    app.get(url, { config: { access: "public" } }, (request, reply) => {
      const takesGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
      reply.headers(headers);
      if (takesGzip) reply.header("content-encoding", "gzip");
      return reply.send(takesGzip ? gzipped : bytes);
    });

  app.get("/status.json", { config: { access: "key", frequent: true } }, ({ asker, served }, reply): Status => {
    const { traffic, errors } = recent.snapshot();
    reply.header("cache-control", "no-store");
    return {
      ...{ version, startedAt, now: Date.now(), traffic },
      // A key for some models is told of those.
      deployments: served.engine.states().filter(({ group }) => mayUse(asker, group)),
      errors: errors.filter(({ group = "" }) => mayUse(asker, group)),
    };
  });
}
