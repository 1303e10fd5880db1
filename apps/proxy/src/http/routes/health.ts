import type { FastifyInstance } from "fastify";

/** Whether the process lives and takes requests. Never asks an upstream: a slow model is no reason to restart a proxy. */
export function health(app: FastifyInstance): void {
  const config = { public: true };
  for (const url of ["/health/liveliness", "/health/liveness"]) app.get(url, { config }, () => "I'm alive!");
  app.get("/health/readiness", { config }, () => ({ status: "healthy", db: "Not connected" }));
}
