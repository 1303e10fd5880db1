import type { FastifyInstance } from "fastify";
import type { Metrics } from "./create-metrics.ts";

/** `GET /metrics`, for Prometheus; wants a key, as LiteLLM's does. */
export function serveMetrics(app: FastifyInstance, metrics: Metrics): void {
  for (const url of ["/metrics", "/metrics/"])
    app.get(url, { config: { access: "key", frequent: true } }, async (_, reply) => {
      const { contentType, body } = await metrics.render();
      return reply.type(contentType).send(body);
    });
}
