import type { FastifyInstance } from "fastify";
import packageJson from "../../package.json" with { type: "json" };
import { type AppOptions, createApp } from "../http/create-app.ts";
import { createMetrics, type MetricsOptions } from "../observe/create-metrics.ts";
import { createRecent } from "../observe/create-recent.ts";
import { serveMetrics } from "../observe/serve-metrics.ts";
import { page } from "../page/page.ts";

export interface AssembleOptions extends Omit<AppOptions, "onEnd">, Pick<MetricsOptions, "isRedisUp"> {
  /** How long an idle connection is kept. Default: the app's own. */
  readonly keepAliveMs?: number | undefined;
}

/** The app with what tells how it does: Prometheus' metrics and the page. */
export function assemble({ keepAliveMs, isRedisUp, ...options }: AssembleOptions): FastifyInstance {
  const metrics = createMetrics({ states: () => options.served().engine.states(), isRedisUp });
  const recent = createRecent();
  const app = createApp({
    ...options,
    onEnd(request) {
      metrics.record(request);
      recent.record(request);
    },
  });
  serveMetrics(app, metrics);
  page(app, { recent, version: packageJson.version, startedAt: Date.now() });
  if (keepAliveMs !== undefined) app.server.keepAliveTimeout = keepAliveMs;
  return app;
}
