import type { FastifyInstance } from "fastify";
import type { DeploymentState } from "llamaduct";
import packageJson from "../../../package.json" with { type: "json" };
import { mayUse } from "../access/may-use.ts";

/** Whether the process lives, and how its deployments are. Never asks a model: a slow one is no reason to restart a proxy. */
export function health(app: FastifyInstance): void {
  const everyone = { config: { access: "public" } } as const;
  const readiness = { status: "healthy", db: "Not connected" };
  for (const url of ["/health/liveliness", "/health/liveness"]) app.get(url, everyone, () => "I'm alive!");
  app.get("/health/readiness", everyone, () => readiness);

  const withKey = { config: { access: "key" } } as const;
  app.get("/health/readiness/details", withKey, () => ({
    ...readiness,
    cache: null,
    litellm_version: packageJson.version,
    success_callbacks: [],
  }));
  app.get<{ Querystring: { model?: string; model_id?: string } }>("/health", withKey, ({ asker, query, served }) => {
    const { model, model_id: id } = query;
    const states = served.engine
      .states()
      .filter((state) => mayUse(asker, state.group))
      .filter((state) => (model === undefined || state.group === model) && (id === undefined || state.id === id));
    const [healthy, unhealthy] = [true, false].map((wanted) => states.filter((state) => state.healthy === wanted));
    return {
      healthy_endpoints: healthy?.map(toEndpoint),
      unhealthy_endpoints: unhealthy?.map(toEndpoint),
      healthy_count: healthy?.length,
      unhealthy_count: unhealthy?.length,
    };
  });
}

function toEndpoint({ id, group, model, apiBase, reason }: DeploymentState): object {
  return { model, model_group: group, model_id: id, api_base: apiBase, error: reason };
}
